"""Repeats of the use cases of splits that have a key or ask for a PIN."""

# Those that stand in no case, and why.
ELSEWHERE = {
    "refund_with_shares": "tests/gateway/test_splits.py",
    "split_trade": "looks for its number before it judges (tests/gateway/test_splits.py)",
}
