"""Business time. Nothing else may ask the system what time it is.

In lab mode a stored reading moves the whole world: how far it runs ahead of the system, and
how fast (standing still, as the system does, or a number of times faster). Every process reads
it from the database and keeps it for a fifth of a second, so an advance is seen everywhere at
once as far as people can tell. Outside lab mode there is no reading and no look-up.
"""

import functools
import threading
import time
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import DatabaseError, connection

from config.kernel.errors import Conflict

KEPT_S = 0.2
AS_FAST = 1000
_local = threading.local()


@dataclass(frozen=True, slots=True)
class Reading:
    """How far lab time is ahead (µs) at a moment of system time, and its rate from there on.

    `rate` is in thousandths of the system's pace: 0 stands still, 1000 is as fast.
    `anchor_us` is the system's time since the epoch from which the rate counts.
    """

    offset_us: int = 0
    rate: int = AS_FAST
    anchor_us: int = 0

    def ahead(self, system: datetime) -> timedelta:
        """How far lab time runs ahead of the system at a moment of system time."""
        if self.rate == AS_FAST:
            return timedelta(microseconds=self.offset_us)
        passed = (system - _EPOCH) // timedelta(microseconds=1) - self.anchor_us
        return timedelta(microseconds=self.offset_us + passed * (self.rate - AS_FAST) // AS_FAST)


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# The last reading that anybody in this process had: where a look fails, time goes by it.
_last = Reading()
# Goes up with each `forget`, so that no thread of this process trusts what it kept before.
_generation = 0


class TimeRunsForward(Conflict):
    """The world's clock cannot be turned back."""

    code = "time_runs_forward"
    message = "The clock can only be advanced."


def now() -> datetime:
    """The present moment of the business, aware, in UTC."""
    system = datetime.now(UTC)
    return system + reading().ahead(system) if settings.LAB_MODE else system


def today(zone: str = "Asia/Shanghai") -> date:
    """The present calendar day in a time zone (IANA name)."""
    return now().astimezone(ZoneInfo(zone)).date()


def house_day(at: datetime | None = None) -> date:
    """The house's calendar day (setting TIME_ZONE) of a moment, or of now.

    Limits are counted by it: a customer may change the zone that times are shown in, and
    must not get a new day by doing so.
    """
    return (at or now()).astimezone(_house_zone(settings.TIME_ZONE)).date()


def offset() -> timedelta:
    """How far the world's clock runs ahead of the system's; zero outside lab mode."""
    return reading().ahead(datetime.now(UTC)) if settings.LAB_MODE else timedelta()


def reading() -> Reading:
    """The stored reading, looked up at most once in KEPT_S by each thread."""
    current: Reading | None = getattr(_local, "reading", None)
    stale = (
        current is None
        or _local.generation != _generation
        or time.monotonic() - _local.read_at > KEPT_S
    )
    if stale:
        _local.generation = _generation
        _local.reading = current = _stored()
        _local.read_at = time.monotonic()
    return current or _last


def forget() -> None:
    """Let every thread of this process look anew (after an advance, between tests)."""
    global _generation
    _generation += 1


@functools.lru_cache(maxsize=8)
def _house_zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def _stored() -> Reading:
    """Look the reading up; none is stored before the first migration.

    Where it cannot be read the last known one still holds.
    """
    global _last
    if connection.needs_rollback:
        return _last
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT offset_us, rate, anchor_us FROM kernel_worldclock WHERE id = 1")
            row = cursor.fetchone()
    except DatabaseError:
        return _last
    _last = Reading(*row) if row else Reading()
    return _last
