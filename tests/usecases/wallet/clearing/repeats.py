"""Repeats of the use case of clearing that has a key and asks for a PIN."""

# Those that stand in no case, and why.
ELSEWHERE = {
    "pay_across": "its payee is in another database (tests/usecases/wallet/clearing)",
}
