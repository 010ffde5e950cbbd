"""Repeats of the use cases of speakers that have a key or ask for a PIN."""

# Those that stand in no case, and why.
ELSEWHERE = {
    "bind_speaker": "the same device is bound once (tests/usecases/merchants/speakers)",
}
