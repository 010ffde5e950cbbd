"""How records name the operators who acted."""

from typing import Final

LONGEST: Final = 128


def operator_actor(*usernames: str) -> str:
    """One operator or more as an actor or a target of records, cut to what the columns hold."""
    return ", ".join(f"operator:{username}" for username in usernames)[:LONGEST]
