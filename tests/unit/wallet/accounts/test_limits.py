"""Tier limits: what is left, and what goes past it."""

import pytest

from wallet.accounts.rules import KycLimit, KycRequired, check_outgoing, limits
from wallet.accounts.values import TIER_LIMITS, Limits


def of(tier: int, *, lifetime: int = 0, year: int = 0) -> Limits:
    return limits(tier=tier, lifetime_used_minor=lifetime, year=2026, yearly_used_minor=year)


@pytest.mark.parametrize(
    ("tier", "remaining_minor"), [(0, 0), (1, 1_000_00), (2, 100_000_00), (3, 200_000_00)]
)
def test_a_fresh_user_has_the_whole_limit_left(tier: int, remaining_minor: int) -> None:
    assert of(tier).remaining_minor == remaining_minor


def test_tier_1_counts_a_lifetime_and_no_year() -> None:
    assert of(1, lifetime=900_00, year=0).remaining_minor == 100_00


def test_tier_2_counts_the_year_and_no_lifetime() -> None:
    assert of(2, lifetime=999_999_00, year=99_999_00).remaining_minor == 1_00


def test_nothing_is_left_when_more_was_paid_than_a_lower_tier_allows() -> None:
    assert of(1, lifetime=5_000_00).remaining_minor == 0


def test_allows_a_payment_up_to_the_last_fen() -> None:
    check_outgoing(of(1, lifetime=900_00), amount_minor=100_00)


def test_refuses_one_fen_more_and_names_what_is_left() -> None:
    with pytest.raises(KycLimit) as refusal:
        check_outgoing(of(1, lifetime=900_00), amount_minor=100_01)
    assert refusal.value.fields == {"remaining_minor": 100_00, "tier": 1}


def test_tier_0_pays_nothing() -> None:
    with pytest.raises(KycRequired):
        check_outgoing(of(0), amount_minor=1)


def test_a_tier_without_limits_would_never_refuse() -> None:
    free = Limits(3, None, None, 10**15, 2026, 10**15, None)
    check_outgoing(free, amount_minor=10**15)


def test_the_table_names_each_tier_once() -> None:
    assert [limit.tier for limit in TIER_LIMITS.values()] == list(TIER_LIMITS) == [0, 1, 2, 3]
