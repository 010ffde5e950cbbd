"""Repeats of the use cases of funding that have a key or ask for a PIN."""

# Those that stand in no case, and why.
ELSEWHERE = {
    "move_savings": "stays its owner's own money (tests/usecases/wallet/funding)",
    "repay_debt": "the lender's book keeps the key (tests/usecases/wallet/funding)",
}
