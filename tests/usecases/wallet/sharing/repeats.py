"""Repeats of the use cases of sharing that have a key or ask for a PIN."""

# Those that stand in no case, and why.
ELSEWHERE = {
    "send_packet": "one packet for a key (tests/usecases/wallet/sharing)",
    "split_bill": "asks for money, moves none (tests/usecases/wallet/sharing)",
}
