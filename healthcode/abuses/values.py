"""A scenario of abuse."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Abuse:
    """One file of the book; every field is a sentence for people."""

    name: str
    happened: str
    tried: str
    stopped_by: str
    seen: str
    recorded: str
