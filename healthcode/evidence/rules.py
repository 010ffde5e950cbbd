"""What evidence must look like to be taken. Pure."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from config.kernel.errors import Refused
from healthcode.evidence.values import RETENTION_DAYS, EvidenceKind
from healthcode.subjects.rules import start_of_day

# Clocks of laboratories and phones differ a little.
CLOCK_SKEW = timedelta(minutes=5)
MAX_TRIP = timedelta(days=180)
LOOK_BACK = timedelta(days=366)


class FromTheFuture(Refused):
    """What is reported has not happened yet."""

    code: ClassVar[str] = "from_the_future"
    message: ClassVar[str] = "This lies in the future."


class TripInvalid(Refused):
    """A trip that ends before it begins, lasts over half a year or began over a year ago."""

    code: ClassVar[str] = "trip_invalid"
    message: ClassVar[str] = "The trip's dates cannot be right."


class TripOverlaps(Refused):
    """Nobody is in two places at once."""

    code: ClassVar[str] = "trip_overlaps"
    message: ClassVar[str] = "The trip overlaps one that is already declared."


def check_past(moment: datetime, *, now: datetime, field: str) -> None:
    """Stop what lies in the future by more than CLOCK_SKEW.

    Raises:
        FromTheFuture: it does.
    """
    if moment > now + CLOCK_SKEW:
        raise FromTheFuture(field=field)


def sampling_moment(day: date, result: str, *, zone: ZoneInfo, now: datetime) -> datetime:
    """When a sample of which only the day is known counts as taken, in a region's zone.

    A negative one at the day's beginning and a positive one in its last minute, or now where
    that is still to come: of two samples of one day nobody knows which came first, and so the
    worse counts. A minute before midnight, for the next day's samples are not of its minute.
    """
    begin = start_of_day(day, zone)
    if result != "positive" or begin > now:
        return begin
    return min(start_of_day(day + timedelta(days=1), zone) - timedelta(minutes=1), now)


def check_trip(arrived_at: datetime, left_at: datetime, *, now: datetime) -> None:
    """Stop a trip that cannot have been.

    Raises:
        FromTheFuture, TripInvalid: as they say.
    """
    check_past(left_at, now=now, field="left_at")
    if arrived_at < now - LOOK_BACK or not arrived_at < left_at <= arrived_at + MAX_TRIP:
        raise TripInvalid(field="arrived_at")


def check_apart(
    arrived_at: datetime, left_at: datetime, others: Iterable[Mapping[str, Any]]
) -> None:
    """Stop a trip that overlaps a declared one; touching ends are fine.

    Raises:
        TripOverlaps: it does.
    """
    for other in others:
        begin, end = (datetime.fromisoformat(other[name]) for name in ("arrived_at", "left_at"))
        if arrived_at < end and begin < left_at:
            raise TripOverlaps(field="arrived_at")


def delete_after(kind: EvidenceKind, observed_at: datetime, recorded_at: datetime) -> datetime:
    """When a piece of evidence is to be deleted: so many days after the later moment."""
    return max(observed_at, recorded_at) + timedelta(days=RETENTION_DAYS[kind])
