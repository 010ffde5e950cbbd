"""Times of many rows, written by the minute, are those that a calendar writes one by one."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from config.kernel.local_times import local_times, utc_text

# Both clock changes of Paris and New York, the first one by the half hour, and a whole year.
BEGIN = datetime(2026, 1, 1, 0, 0, 7, 250_000, tzinfo=UTC)
STEP = timedelta(hours=7, minutes=29, seconds=59)
ZONES = ("Asia/Shanghai", "Europe/Paris", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe")


@pytest.mark.parametrize("zone", ZONES)
def test_each_moment_of_a_year_as_its_zone_has_it(zone: str) -> None:
    plain, full = local_times(zone), local_times(zone, sep="T", with_offset=True)
    for number in range(1200):
        at = BEGIN + STEP * number
        there = at.astimezone(ZoneInfo(zone))
        for text in (utc_text(at), f"{at:%Y-%m-%d %H:%M:%S.%f}+00"):
            assert plain(text) == f"{there:%Y-%m-%d %H:%M:%S}"
            assert full(text) == there.isoformat(timespec="seconds")


def test_the_hour_that_comes_twice_is_told_apart_by_its_offset() -> None:
    local = local_times("Europe/Paris", sep="T", with_offset=True)
    assert local("2026-10-25 00:30:05") == "2026-10-25T02:30:05+02:00"
    assert local("2026-10-25 01:30:05") == "2026-10-25T02:30:05+01:00"
