"""consume_limit: the acceptance scene of KYC limits, and the turn of the year."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from pytest_django.fixtures import Settings

from config.kernel.errors import InvariantBroken
from config.kernel.ids import uuid7
from tests.factories.accounts import make_user, verify
from wallet.accounts import queries
from wallet.accounts.rules import KycLimit, KycRequired
from wallet.accounts.usecases.consume_limit import (
    consume_limit,
    restore_limit,
    unreserve_outgoing,
)
from wallet.accounts.usecases.update_profile import update_profile
from wallet.payments.rules import PIN_DAY, LimitExceeded

pytestmark = pytest.mark.django_db


def test_900_yuan_pass_then_200_are_refused_until_the_upgrade() -> None:
    user = make_user(kyc_tier=1)
    consume_limit(user_id=user.id, amount_minor=900_00)
    with pytest.raises(KycLimit) as refusal:
        consume_limit(user_id=user.id, amount_minor=200_00)
    assert refusal.value.fields["remaining_minor"] == 100_00
    verify(user, 2)
    assert consume_limit(user_id=user.id, amount_minor=200_00).yearly_used_minor == 1_100_00


def test_a_refused_payment_counts_nothing() -> None:
    user = make_user(kyc_tier=1)
    with pytest.raises(KycLimit):
        consume_limit(user_id=user.id, amount_minor=1_000_01)
    assert queries.limits(user.id).lifetime_used_minor == 0


def test_an_unverified_user_pays_nothing() -> None:
    with pytest.raises(KycRequired):
        consume_limit(user_id=make_user(kyc_tier=0).id, amount_minor=1)


def test_the_year_starts_anew_at_midnight_of_the_house() -> None:
    user = make_user(kyc_tier=2)
    # 16:00 UTC is midnight in Shanghai.
    with time_machine.travel(datetime(2026, 12, 31, 15, 59, tzinfo=UTC), tick=False):
        consume_limit(user_id=user.id, amount_minor=100_000_00)
        assert queries.limits(user.id).remaining_minor == 0
    with time_machine.travel(datetime(2026, 12, 31, 16, 0, tzinfo=UTC), tick=False):
        assert queries.limits(user.id).remaining_minor == 100_000_00
        assert consume_limit(user_id=user.id, amount_minor=1).yearly_used_minor == 1


def test_a_refund_gives_the_allowance_back_and_no_more() -> None:
    user = make_user(kyc_tier=1)
    consume_limit(user_id=user.id, amount_minor=900_00)
    restore_limit(user_id=user.id, amount_minor=400_00)
    assert queries.limits(user.id).remaining_minor == 500_00
    restore_limit(user_id=user.id, amount_minor=999_00)
    assert queries.limits(user.id).remaining_minor == 1_000_00


def test_a_zone_of_the_payers_opens_no_new_year() -> None:
    user = make_user(kyc_tier=2)
    with time_machine.travel(datetime(2026, 12, 31, 12, 0, tzinfo=UTC), tick=False):
        for zone in ("Pacific/Kiritimati", "Pacific/Midway", "Asia/Shanghai"):
            update_profile(user_id=user.id, zone=zone)
            assert queries.limits(user.id).year == 2026
        consume_limit(user_id=user.id, amount_minor=100_000_00)
        update_profile(user_id=user.id, zone="Pacific/Kiritimati")
        with pytest.raises(KycLimit):
            consume_limit(user_id=user.id, amount_minor=1)


def test_a_day_is_not_reopened_by_a_clock_that_runs_behind(settings: Settings) -> None:
    settings.SAOMA_DAILY_PIN_MINOR = 5_000_00
    user, today = make_user(kyc_tier=2), datetime(2026, 12, 31, 12, 0, tzinfo=UTC)
    days = (PIN_DAY,)
    consume_limit(user_id=user.id, amount_minor=5_000_00, days=days, at=today)
    with pytest.raises(LimitExceeded):
        consume_limit(user_id=user.id, amount_minor=1, days=days, at=today - timedelta(days=1))
    usage = consume_limit(user_id=user.id, amount_minor=1, days=days, at=today + timedelta(days=1))
    assert (usage.year, usage.yearly_used_minor) == (2027, 1)
    behind = consume_limit(user_id=user.id, amount_minor=1, at=today)
    assert (behind.year, behind.yearly_used_minor) == (2027, 2)


def test_a_refund_makes_room_in_its_own_year_only() -> None:
    user = make_user(kyc_tier=2)
    last_year = datetime(2026, 12, 31, 12, 0, tzinfo=UTC)
    this_year = datetime(2027, 1, 2, 12, 0, tzinfo=UTC)
    consume_limit(user_id=user.id, amount_minor=60_000_00, at=last_year)
    consume_limit(user_id=user.id, amount_minor=100_000_00, at=this_year)
    restore_limit(user_id=user.id, amount_minor=60_000_00, paid_at=last_year)
    with pytest.raises(KycLimit):
        consume_limit(user_id=user.id, amount_minor=1, at=this_year)
    restore_limit(user_id=user.id, amount_minor=10_00, paid_at=this_year)
    consume_limit(user_id=user.id, amount_minor=10_00, at=this_year)


def test_what_is_reserved_is_gone_until_it_is_given_back() -> None:
    user = make_user(kyc_tier=1)
    consume_limit(user_id=user.id, amount_minor=900_00, reserve=True)
    with pytest.raises(KycLimit) as refusal:
        consume_limit(user_id=user.id, amount_minor=200_00)
    assert refusal.value.fields["remaining_minor"] == 100_00
    unreserve_outgoing(user_id=user.id, amount_minor=900_00)
    assert queries.limits(user.id).remaining_minor == 1_000_00


@pytest.mark.parametrize("call", [consume_limit, restore_limit])
@pytest.mark.parametrize("amount_minor", [0, -1])
def test_stops_at_an_amount_that_is_none(call: object, amount_minor: int) -> None:
    user = make_user(kyc_tier=1)
    with pytest.raises(InvariantBroken):
        call(user_id=user.id, amount_minor=amount_minor)  # type: ignore[operator]


def test_nobody_has_no_limits() -> None:
    with pytest.raises(queries.UserUnknown):
        queries.limits(uuid7())
