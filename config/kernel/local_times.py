"""Moments of many rows as a zone's clocks show them: as text, and each minute worked out once.

The database gives a moment as text in UTC, "2026-10-01 00:00:00" and fractions that do not
matter here. A driver's `datetime` for each costs more than all else that is done with a row.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.db.models import TextField
from django.db.models.functions import Cast

_MINUTES = 2048
_MINUTE, _SECONDS, _END = slice(16), slice(17, 19), slice(19, None)
_BEFORE = slice(17)


def utc_column(name: str) -> Cast:
    """A column of moments as text in UTC."""
    return Cast(name, TextField())


def utc_text(at: datetime) -> str:
    """A moment as `utc_column` gives it."""
    return at.astimezone(UTC).isoformat(" ", "seconds")


def local_times(zone: str, *, sep: str = " ", with_offset: bool = False) -> Callable[[str], str]:
    """A function that writes a moment, given as text in UTC, to the second by a zone's clocks.

    Offsets of whole minutes are taken for granted, as every zone has had them since 1972.

    Args:
        zone: IANA name of the time zone.
        sep: what stands between date and time.
        with_offset: whether the distance from UTC follows.
    """
    local = ZoneInfo(zone)

    @lru_cache(maxsize=_MINUTES)
    def around(minute: str) -> tuple[str, str]:
        there = datetime.fromisoformat(minute).replace(tzinfo=UTC).astimezone(local)
        text = there.isoformat(sep, "seconds")
        return text[_BEFORE], text[_END] if with_offset else ""

    def write(at: str) -> str:
        before, after = around(at[_MINUTE])
        return f"{before}{at[_SECONDS]}{after}"

    return write
