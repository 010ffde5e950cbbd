"""Repeats of the use cases of exchange that have a key or ask for a PIN."""

# Those that stand in no case, and why.
ELSEWHERE = {
    "refund_exchange": "judges nobody's standing (tests/usecases/merchants/exchange)",
    "take_quote": "the quote keeps the key (tests/usecases/merchants/exchange)",
}
