"""Repeats of the use cases of deals that have a key or ask for a PIN."""

# Those that stand in no case, and why.
ELSEWHERE = {
    "give_back": "part of a deal's moves, which are made once",
    "give_share": "the ledger's own key",
    "redeem_entitlement": "tests/usecases/merchants/deals/test_policies.py",
    "refund_deal": "tests/usecases/merchants/deals/test_policies.py",
}
