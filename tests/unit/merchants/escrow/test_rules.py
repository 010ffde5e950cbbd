"""When money of a guaranteed trade is released by itself."""

from datetime import UTC, datetime, timedelta

import pytest

from merchants.escrow import rules

PAID_AT = datetime(2026, 3, 1, 8, 30, tzinfo=UTC)


@pytest.mark.parametrize(("days", "waits"), [(1, 1), (30, 30), (None, 10), ("", 10)])
def test_money_waits_the_merchants_days_or_ten(days: object, waits: int) -> None:
    assert rules.due_at(PAID_AT, days) == PAID_AT + timedelta(days=waits)
