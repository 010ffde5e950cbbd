"""Repeats of the use cases of passkeys that have a key or ask for a PIN."""

# Those that stand in no case, and why.
ELSEWHERE = {
    "offer_challenge": "asks to be signed, moves nothing (tests/http/wallet/passkeys)",
    "register_passkey": "the same credential is the same (tests/usecases/wallet/passkeys)",
}
