"""What a race against a limit is, and the table of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from pytest_django.fixtures import Settings

from config.kernel.errors import SaomaError


@dataclass(frozen=True, slots=True)
class Race:
    """Callers who together ask for more than a limit allows.

    `used` gives what has been spent when all are through, in the limit's unit; `most` is
    what it must be then: as much as fits, and no more.
    """

    acts: Sequence[Callable[[], Any]]
    used: Callable[[Sequence[Any]], int]
    most: int


Prepare = Callable[[Settings], Race]
RACES: dict[str, Prepare] = {}


def against(name: str) -> Callable[[Prepare], Prepare]:
    """Put a race against a limit into the table."""

    def keep(prepare: Prepare) -> Prepare:
        RACES[name] = prepare
        return prepare

    return keep


def passed(amount: int) -> Callable[[Sequence[Any]], int]:
    """Count those who were not refused, at so much each."""
    return lambda results: amount * sum(not isinstance(one, SaomaError) for one in results)
