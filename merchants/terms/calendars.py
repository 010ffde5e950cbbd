"""Working days of countries: what the libraries know, and what the house knows better. Pure.

`chinesecalendar` has the Chinese holidays and the week-ends that are worked for them, year by
year as the State Council announces them; `holidays` has the other countries, and China in
years that are not announced yet.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache

import chinese_calendar
import holidays

_LAST_ANNOUNCED = max(day.year for day in chinese_calendar.holidays)
# No holiday season is longer: whoever looks further has a calendar without working days.
FURTHEST = timedelta(days=60)


def countries() -> frozenset[str]:
    """Codes of the countries that have a calendar."""
    return frozenset(holidays.list_supported_countries(include_aliases=False))


def is_working_day(calendar: str, day: date, overrides: Mapping[date, bool]) -> bool:
    """Whether banks work on a day.

    Args:
        calendar: ISO 3166 code; empty, where each day is a working day.
        day: the day.
        overrides: what the house decided of single days.
    """
    if day in overrides:
        return overrides[day]
    if not calendar:
        return True
    if calendar == "CN" and day.year <= _LAST_ANNOUNCED:
        return bool(chinese_calendar.is_workday(day))
    return bool(_holidays(calendar).is_working_day(day))


@lru_cache(maxsize=64)
def _holidays(calendar: str) -> holidays.HolidayBase:
    return holidays.country_holidays(calendar)


def working_day_from(calendar: str, day: date, overrides: Mapping[date, bool]) -> date:
    """The first working day on or after a day; that day itself where two months have none."""
    for ahead in range(FURTHEST.days):
        candidate = day + timedelta(days=ahead)
        if is_working_day(calendar, candidate, overrides):
            return candidate
    return day


def working_day_after(calendar: str, day: date, count: int, overrides: Mapping[date, bool]) -> date:
    """The count-th working day after a day; the day itself for none."""
    for _ in range(count):
        day = working_day_from(calendar, day + timedelta(days=1), overrides)
    return day
