"""Moments from text, and moments later. Everything in UTC, to the millisecond.

Months and years overflow as in JavaScript, on which the specification rests: a year
after 29 February 2020 is 1 March 2021. Partial dates (YYYY, YYYY-MM) mean their last
day, which is the cautious reading of a date of birth.
"""

import calendar
import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from healthcode.rules.certlogic.values import CertLogicError, Moment

UNITS = ("year", "month", "day", "hour")
_DAY_MS, _HOUR_MS, _MINUTE_MS = 86_400_000, 3_600_000, 60_000
# What a JavaScript Date can hold; beyond it there is no moment.
_LIMIT_MS = 8_640_000_000_000_000
_MAX_AMOUNT = 4_000_000_000
_PARTIAL = re.compile(r"(\d{4})(?:-(\d{2}))?", re.ASCII)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_DATE_TIME = re.compile(
    r"(\d{4}-\d{2}-\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.(\d+))?"
    r"(?:Z|([+-])(\d{1,2}):?(\d{2})?)?",
    re.ASCII,
)
_EPOCH_ORDINAL = datetime(1970, 1, 1, tzinfo=UTC).toordinal()


@lru_cache(maxsize=8192)
def plus_time(text: str, amount: int, unit: str) -> Moment:
    """The moment a text names, moved by an amount of units.

    Raises:
        CertLogicError: no date or date-time, or out of range.
    """
    start = parse(text)
    if abs(amount) > _MAX_AMOUNT:
        raise CertLogicError("the amount of time is out of range")
    if unit == "day":
        moved = start.ms + amount * _DAY_MS
    elif unit == "hour":
        moved = start.ms + amount * _HOUR_MS
    else:
        moved = _plus_months(start.ms, amount * (12 if unit == "year" else 1))
    if abs(moved) > _LIMIT_MS:
        raise CertLogicError("the moment is out of range")
    return Moment(moved)


def parse(text: str) -> Moment:
    """Read a date, a date-time or a partial date.

    Raises:
        CertLogicError: the text has none of the allowed forms.
    """
    if _PARTIAL.fullmatch(text):
        return date_of_birth(text)
    if _DATE.fullmatch(text):
        return Moment(_midnight_ms(text))
    match = _DATE_TIME.fullmatch(text)
    if match is None:
        raise CertLogicError(f"not an allowed date or date-time: {text!r}")
    date, hour, minute, second, fraction, sign, hours_off, minutes_off = match.groups()
    if int(hour) > 23 or int(minute) > 59 or int(second) > 59:
        raise CertLogicError(f"no such time of day: {text!r}")
    of_day = int(hour) * _HOUR_MS + int(minute) * _MINUTE_MS + int(second) * 1000
    of_day += int((fraction or "").ljust(3, "0")[:3])
    offset = int(hours_off or 0) * _HOUR_MS + int(minutes_off or 0) * _MINUTE_MS
    return Moment(_midnight_ms(date) + of_day - (-offset if sign == "-" else offset))


@lru_cache(maxsize=8192)
def date_of_birth(text: str) -> Moment:
    """Read a date of birth: a date, or the last day of a month or a year.

    Raises:
        CertLogicError: the text is none of these.
    """
    if _DATE.fullmatch(text):
        return Moment(_midnight_ms(text))
    match = _PARTIAL.fullmatch(text)
    if match is None:
        raise CertLogicError(f"not a date of birth: {text!r}")
    year, month = int(match[1]), int(match[2] or 12)
    if not (1 <= month <= 12 and year >= 1):
        raise CertLogicError(f"no such month: {text!r}")
    last = calendar.monthrange(year, month)[1]
    return Moment(_midnight_ms(f"{year:04}-{month:02}-{last:02}"))


def _midnight_ms(date: str) -> int:
    try:
        ordinal = datetime.strptime(date, "%Y-%m-%d").replace(tzinfo=UTC).toordinal()
    except ValueError as error:
        raise CertLogicError(f"no such date: {date!r}") from error
    return (ordinal - _EPOCH_ORDINAL) * _DAY_MS


def _plus_months(ms: int, months: int) -> int:
    """Move the month, then let the day overflow into the next one."""
    days, of_day = divmod(ms, _DAY_MS)
    try:
        date = datetime.fromordinal(days + _EPOCH_ORDINAL)
        year, month = divmod(date.year * 12 + date.month - 1 + months, 12)
        first = datetime(year, month + 1, 1, tzinfo=UTC)
    except (ValueError, OverflowError) as error:
        raise CertLogicError("the moment is out of range") from error
    return (first.toordinal() - _EPOCH_ORDINAL + date.day - 1) * _DAY_MS + of_day


def to_text(moment: Moment) -> str:
    """Write a moment as JavaScript does: `2021-06-01T00:00:00.000Z`.

    Raises:
        CertLogicError: outside the years 1 to 9999.
    """
    try:
        whole = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=moment.ms)
    except OverflowError as error:
        raise CertLogicError("the moment is out of range") from error
    return f"{whole:%Y-%m-%dT%H:%M:%S}.{whole.microsecond // 1000:03}Z".rjust(24, "0")
