"""Repeats of the use cases of healthcode that have a key or ask for a PIN."""

# Those that stand in no case, and why.
ELSEWHERE = {
    "declare_health": "the same declaration is the same evidence",
    "signed": "a key of signatures, not of idempotency",
}
