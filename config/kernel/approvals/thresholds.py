"""Thresholds above which a second operator is needed: rows that two operators set.

A slice declares each threshold with what it is until operators have agreed on another.
"""

from collections.abc import Callable
from dataclasses import dataclass

from config.kernel.approvals.models import ThresholdVersion
from config.kernel.errors import NotFound, invariant


class ThresholdUnknown(NotFound):
    """No slice has declared this threshold."""

    code = "threshold_unknown"
    message = "There is no such threshold."


@dataclass(frozen=True, slots=True)
class Threshold:
    """One threshold: its words, its unit, its bounds, and its value to begin with."""

    name: str
    title: str
    unit: str
    initial: Callable[[], int]
    minimum: int
    maximum: int


_thresholds: dict[str, Threshold] = {}


def declare(
    name: str, *, title: str, unit: str, initial: Callable[[], int], minimum: int, maximum: int
) -> None:
    """Declare a threshold.

    Args:
        name: `slice.what`, unique.
        title: for people.
        unit: what its whole number counts, as "fen" or "hours".
        initial: gives what it is until operators have agreed on another value.
        minimum: the least that can be asked for.
        maximum: the most that can be asked for.
    """
    invariant(name not in _thresholds, f"one threshold is called {name}")
    _thresholds[name] = Threshold(name, title, unit, initial, minimum, maximum)


def threshold_named(name: str) -> Threshold:
    """Look a threshold up.

    Raises:
        ThresholdUnknown: nobody has declared it.
    """
    threshold = _thresholds.get(name)
    if threshold is None:
        raise ThresholdUnknown(field="name", name=name)
    return threshold


def thresholds() -> list[Threshold]:
    """All thresholds, by name."""
    return [_thresholds[name] for name in sorted(_thresholds)]


def value_of(name: str) -> int:
    """What a threshold is now, in its unit.

    Raises:
        ThresholdUnknown: nobody has declared it.
    """
    rows = ThresholdVersion.objects.filter(name=name).order_by("-id")
    value = rows.values_list("value", flat=True).first()
    return threshold_named(name).initial() if value is None else value
