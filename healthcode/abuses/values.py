"""A scenario of abuse."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Abuse:
    """One file of the book; fields are sentences for people, `guard` names what stops it.

    Args:
        before: what came of it where the guard was missing.
        guard: dotted name of the function, class or limit that stands in the way.
    """

    name: str
    happened: str
    tried: str
    stopped_by: str
    seen: str
    recorded: str
    guard: str
    before: str
