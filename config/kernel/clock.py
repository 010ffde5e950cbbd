"""Business time. Nothing else may ask the system what time it is.

In lab mode a stored offset moves the whole world forward: every process reads it
from the database and keeps it for a fifth of a second, so an advance is seen
everywhere at once as far as people can tell. Outside lab mode there is no offset
and no look-up.
"""

import functools
import threading
import time
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import DatabaseError, connection

from config.kernel.errors import Conflict

KEPT_S = 0.2
_local = threading.local()
# The last offset that anybody in this process has read: where a read fails, time stands on it.
_known_us = 0


class TimeRunsForward(Conflict):
    """The world's clock cannot be turned back."""

    code = "time_runs_forward"
    message = "The clock can only be advanced."


def now() -> datetime:
    """The present moment of the business, aware, in UTC."""
    system = datetime.now(UTC)
    return system + offset() if settings.LAB_MODE else system


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
    if not settings.LAB_MODE:
        return timedelta()
    read_at = getattr(_local, "read_at", None)
    if read_at is None or time.monotonic() - read_at > KEPT_S:
        _local.offset = timedelta(microseconds=_stored_microseconds())
        _local.read_at = time.monotonic()
    kept: timedelta = _local.offset
    return kept


def forget() -> None:
    """Read the offset anew at the next look (after an advance, between tests)."""
    _local.read_at = None


@functools.lru_cache(maxsize=8)
def _house_zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def _stored_microseconds() -> int:
    """Read the offset; none is stored before the first migration.

    Where it cannot be read the last known one still holds: the clock never moves back.
    """
    global _known_us
    if connection.needs_rollback:
        return _last_known()
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT offset_us FROM kernel_worldclock WHERE id = 1")
            row = cursor.fetchone()
    except DatabaseError:
        return _last_known()
    _known_us = int(row[0]) if row else 0
    return _known_us


def _last_known() -> int:
    kept: timedelta | None = getattr(_local, "offset", None)
    return _known_us if kept is None else kept // timedelta(microseconds=1)
