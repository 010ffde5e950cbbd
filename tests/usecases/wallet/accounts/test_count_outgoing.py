"""count_outgoing: the acceptance scene of KYC limits, and the turn of the year."""

from datetime import UTC, datetime

import pytest
import time_machine

from config.kernel.errors import InvariantBroken
from config.kernel.ids import uuid7
from tests.factories.accounts import make_user, verify
from wallet.accounts import queries
from wallet.accounts.rules import KycLimit, KycRequired
from wallet.accounts.usecases.count_outgoing import count_outgoing, uncount_outgoing

pytestmark = pytest.mark.django_db


def test_900_yuan_pass_then_200_are_refused_until_the_upgrade() -> None:
    user = make_user(kyc_tier=1)
    count_outgoing(user_id=user.id, amount_minor=900_00)
    with pytest.raises(KycLimit) as refusal:
        count_outgoing(user_id=user.id, amount_minor=200_00)
    assert refusal.value.fields["remaining_minor"] == 100_00
    verify(user, 2)
    assert count_outgoing(user_id=user.id, amount_minor=200_00).yearly_used_minor == 1_100_00


def test_a_refused_payment_counts_nothing() -> None:
    user = make_user(kyc_tier=1)
    with pytest.raises(KycLimit):
        count_outgoing(user_id=user.id, amount_minor=1_000_01)
    assert queries.limits(user.id).lifetime_used_minor == 0


def test_an_unverified_user_pays_nothing() -> None:
    with pytest.raises(KycRequired):
        count_outgoing(user_id=make_user(kyc_tier=0).id, amount_minor=1)


def test_the_year_starts_anew_at_midnight_in_the_users_zone() -> None:
    user = make_user(kyc_tier=2)
    # 16:00 UTC is midnight in Shanghai.
    with time_machine.travel(datetime(2026, 12, 31, 15, 59, tzinfo=UTC), tick=False):
        count_outgoing(user_id=user.id, amount_minor=100_000_00)
        assert queries.limits(user.id).remaining_minor == 0
    with time_machine.travel(datetime(2026, 12, 31, 16, 0, tzinfo=UTC), tick=False):
        assert queries.limits(user.id).remaining_minor == 100_000_00
        assert count_outgoing(user_id=user.id, amount_minor=1).yearly_used_minor == 1


def test_a_refund_gives_the_allowance_back_and_no_more() -> None:
    user = make_user(kyc_tier=1)
    count_outgoing(user_id=user.id, amount_minor=900_00)
    uncount_outgoing(user_id=user.id, amount_minor=400_00)
    assert queries.limits(user.id).remaining_minor == 500_00
    uncount_outgoing(user_id=user.id, amount_minor=999_00)
    assert queries.limits(user.id).remaining_minor == 1_000_00


@pytest.mark.parametrize("call", [count_outgoing, uncount_outgoing])
@pytest.mark.parametrize("amount_minor", [0, -1])
def test_stops_at_an_amount_that_is_none(call: object, amount_minor: int) -> None:
    user = make_user(kyc_tier=1)
    with pytest.raises(InvariantBroken):
        call(user_id=user.id, amount_minor=amount_minor)  # type: ignore[operator]


def test_nobody_has_no_limits() -> None:
    with pytest.raises(queries.UserUnknown):
        queries.limits(uuid7())
