"""Repeats of the use cases of ledger that have a key or ask for a PIN."""

# Those that stand in no case, and why.
ELSEWHERE = {
    "move_money": "posts one journal for its key (tests/usecases/wallet/ledger)",
    "place_hold": "the ledger's own key (tests/usecases/wallet/ledger/test_holds.py)",
}
