"""Which time a bill is of, and from when it can be had."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from merchants.bills import rules

ZONE = "Asia/Shanghai"


def at(*parts: int) -> datetime:
    """A moment in the merchant's zone."""
    return datetime(*parts, tzinfo=ZoneInfo(ZONE))  # type: ignore[misc, arg-type]


@pytest.mark.parametrize(
    ("text", "begins", "ends"),
    [
        ("2026-02-28", at(2026, 2, 28), at(2026, 3, 1)),
        ("2028-02-29", at(2028, 2, 29), at(2028, 3, 1)),
        ("2026-02", at(2026, 2, 1), at(2026, 3, 1)),
        ("2026-12", at(2026, 12, 1), at(2027, 1, 1)),
        ("2026-01", at(2026, 1, 1), at(2026, 2, 1)),
    ],
)
def test_a_bill_is_of_a_day_or_a_month_from_midnight_to_midnight(
    text: str, begins: datetime, ends: datetime
) -> None:
    found = rules.period(text, zone=ZONE)
    assert (found.begins_at, found.ends_at) == (begins, ends)


@pytest.mark.parametrize(
    "text",
    ["", "2026", "20260228", "2026-2-28", "2026-02-29", "2026-13", "2026-02-28 ", "9999-12-31",
     "9999-12", "٢٠٢٦-02-28", "2026-02-28T00:00"],
)  # fmt: skip
def test_other_texts_are_neither(text: str) -> None:
    with pytest.raises(rules.BillDateInvalid):
        rules.period(text, zone=ZONE)


def test_a_day_across_a_change_of_clocks_ends_at_midnight() -> None:
    found = rules.period("2026-03-29", zone="Europe/Paris")
    spent = found.ends_at.timestamp() - found.begins_at.timestamp()
    assert timedelta(seconds=spent) == timedelta(hours=23)


def test_a_bill_can_be_had_once_its_time_is_over() -> None:
    day = rules.period("2026-03-01", zone=ZONE)
    rules.check_made(day, now=at(2026, 3, 2), same_day=False)
    with pytest.raises(rules.BillUnknown):
        rules.check_made(day, now=at(2026, 3, 2) - timedelta(microseconds=1), same_day=False)


def test_a_sandbox_gives_the_running_day_but_no_day_to_come() -> None:
    day = rules.period("2026-03-01", zone=ZONE)
    rules.check_made(day, now=at(2026, 3, 1), same_day=True)
    with pytest.raises(rules.BillUnknown):
        rules.check_made(day, now=at(2026, 2, 28, 23, 59), same_day=True)


def test_a_bill_shows_a_payers_last_character_and_five_digits() -> None:
    assert rules.masked("李华", "+8613800138001") == "**华(138******01)"
    assert rules.masked("", "") == "**()"
