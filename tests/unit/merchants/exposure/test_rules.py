"""What covers a refund, in order, and how far a merchant may come to owe."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from merchants.exposure import rules
from merchants.exposure.values import Cover, Funds

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
AMOUNT = st.integers(0, 10**9)
FUNDS = st.builds(Funds, AMOUNT, AMOUNT, AMOUNT, AMOUNT, AMOUNT, AMOUNT)


def test_a_refund_takes_escrow_sales_payable_balance_then_credit() -> None:
    funds = Funds(
        pending_minor=12, fees_minor=2, payable_minor=20, balance_minor=30, owed_minor=5,
        ceiling_minor=45,
    )  # fmt: skip
    assert rules.cover(104, escrow_minor=4, funds=funds) == Cover(4, 10, 20, 30, 40, 0)
    assert rules.cover(105, escrow_minor=4, funds=funds).short_minor == 1
    assert rules.cover(3, escrow_minor=4, funds=funds) == Cover(3, 0, 0, 0, 0, 0)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(1, 10**10), AMOUNT, FUNDS)
def test_no_part_is_more_than_there_is(amount: int, escrow: int, funds: Funds) -> None:
    cover = rules.cover(amount, escrow_minor=escrow, funds=funds)
    parts = (
        cover.escrow_minor,
        cover.sales_minor,
        cover.payable_minor,
        cover.balance_minor,
        cover.credit_minor,
    )
    assert sum(parts) + cover.short_minor == amount
    assert min(*parts, cover.short_minor) >= 0
    assert cover.sales_minor <= max(0, funds.pending_minor - funds.fees_minor)
    assert cover.credit_minor <= max(0, funds.ceiling_minor - funds.owed_minor)


@pytest.mark.parametrize(
    ("own", "days", "in_force", "ceiling"),
    [
        (None, 89, True, 0),
        (None, 90, True, 500),
        (70, 1, True, 70),
        (0, 400, True, 0),
        (70, 400, False, 0),
    ],
)
def test_the_ceiling_is_its_own_or_the_houses_for_the_old(
    own: int | None, days: int, in_force: bool, ceiling: int
) -> None:
    since = NOW - timedelta(days=days)
    asked = {"own_minor": own, "house_minor": 500, "young_days": 90, "now": NOW}
    assert rules.ceiling(**asked, since=since, in_force=in_force) == ceiling  # type: ignore[arg-type]


def test_a_merchant_that_was_never_approved_has_no_credit() -> None:
    assert (
        rules.ceiling(
            own_minor=None, house_minor=500, since=None, young_days=0, in_force=True, now=NOW
        )
        == 0
    )


@pytest.mark.parametrize(
    ("days", "bucket"), [(0, "0-7"), (7, "0-7"), (8, "8-30"), (31, "31-90"), (91, "91+")]
)
def test_debts_age_in_buckets(days: int, bucket: str) -> None:
    assert rules.bucket(since=NOW - timedelta(days=days), now=NOW) == bucket


@pytest.mark.parametrize("ceiling", [-1, rules.HIGHEST_CEILING_MINOR + 1])
def test_a_ceiling_out_of_range_is_refused(ceiling: int) -> None:
    rules.check_ceiling(rules.HIGHEST_CEILING_MINOR)
    with pytest.raises(rules.CeilingOutOfRange):
        rules.check_ceiling(ceiling)
