"""Rules of settlement terms: working days, payout days and fees."""

from datetime import date

import pytest

from merchants.terms import rules
from merchants.terms.calendars import is_working_day, working_day_after
from merchants.terms.values import FeeTerms, PayoutTerms, Schedule


@pytest.mark.parametrize(
    ("calendar", "day", "works"),
    [
        ("CN", "2026-02-14", True),  # a Saturday worked for the Spring Festival
        ("CN", "2026-02-16", False),  # the eve, a Monday
        ("CN", "2026-10-01", False),
        ("CN", "2026-10-10", True),  # a Saturday worked for the National Day
        ("CN", "2031-10-01", False),  # not announced yet
        ("FR", "2026-07-14", False),
        ("FR", "2026-07-15", True),
        ("FR", "2026-07-18", False),  # a Saturday
        ("AE", "2026-11-29", False),  # a Sunday
        ("", "2026-12-25", True),
    ],
)
def test_working_days(calendar: str, day: str, works: bool) -> None:
    assert is_working_day(calendar, date.fromisoformat(day), {}) is works


def test_the_house_knows_better_than_the_libraries() -> None:
    typhoon = date(2026, 8, 3)
    assert is_working_day("CN", typhoon, {}) is True
    assert is_working_day("CN", typhoon, {typhoon: False}) is False
    assert working_day_after("CN", date(2026, 8, 2), 1, {typhoon: False}) == date(2026, 8, 4)


def test_a_holiday_week_makes_t_plus_one_long() -> None:
    assert working_day_after("CN", date(2026, 9, 30), 1, {}) == date(2026, 10, 8)


@pytest.mark.parametrize(
    ("terms", "paid_on"),
    [
        (PayoutTerms(), "2026-09-30"),
        (PayoutTerms(delay_days=1), "2026-10-01"),
        (PayoutTerms(delay_days=1, calendar="CN"), "2026-10-08"),
        (PayoutTerms(delay_days=1, calendar="FR"), "2026-10-01"),
        (PayoutTerms(schedule=Schedule.WEEKLY, schedule_day=1), "2026-10-05"),
        (PayoutTerms(calendar="CN", schedule=Schedule.WEEKLY, schedule_day=1), "2026-10-08"),
        (PayoutTerms(schedule=Schedule.MONTHLY, schedule_day=28), "2026-10-28"),
        (PayoutTerms(schedule=Schedule.ON_DEMAND), None),
    ],
)
def test_the_day_of_a_payout(terms: PayoutTerms, paid_on: str | None) -> None:
    on = rules.payout_date(date(2026, 9, 30), terms, {})
    assert on == (date.fromisoformat(paid_on) if paid_on else None)


@pytest.mark.parametrize(
    ("terms", "field"),
    [
        (PayoutTerms(delay_days=31), "delay_days"),
        (PayoutTerms(calendar="XX"), "calendar"),
        (PayoutTerms(reserve_bps=500), "reserve_days"),
        (PayoutTerms(schedule_day=3), "schedule_day"),
        (PayoutTerms(schedule=Schedule.WEEKLY, schedule_day=8), "schedule_day"),
        (PayoutTerms(schedule=Schedule.MONTHLY), "schedule_day"),
        (PayoutTerms(minimum_minor=-1), "minimum_minor"),
    ],
)
def test_impossible_terms_name_their_field(terms: PayoutTerms, field: str) -> None:
    with pytest.raises(rules.TermsInvalid) as refusal:
        rules.check_payout_terms(terms)
    assert refusal.value.field == field


@pytest.mark.parametrize(
    ("amount_minor", "terms", "fee_minor"),
    [
        (10_000, FeeTerms(60, fixed_minor=20), 80),
        (10_000, FeeTerms(60, fixed_minor=20, maximum_minor=70), 70),
        (100, FeeTerms(0, fixed_minor=200), 100),
    ],
)
def test_a_fixed_part_stands_beside_the_rate(
    amount_minor: int, terms: FeeTerms, fee_minor: int
) -> None:
    assert rules.payment_fee(amount_minor, terms) == fee_minor


def test_a_fee_that_is_kept_is_kept_whatever_goes_back() -> None:
    kept = FeeTerms(60, kept_on_refund=True)
    assert rules.fee_left(paid_minor=10_000, refunded_minor=10_000, terms=kept) == 60
    assert rules.fee_left(paid_minor=10_000, refunded_minor=10_000, terms=FeeTerms(60)) == 0
