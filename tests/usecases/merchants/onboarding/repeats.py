"""Repeats of the use cases of onboarding that have a key or ask for a PIN."""

# Those that stand in no case, and why.
ELSEWHERE = {
    "end_key": "a key of signatures, not of idempotency",
    "record_key": "a key of signatures, not of idempotency",
}
