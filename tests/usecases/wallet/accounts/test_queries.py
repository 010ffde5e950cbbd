"""Look-ups: found by every name they go by, and never somebody else's."""

from collections.abc import Callable

import pytest

from config.kernel import timetable
from config.kernel.ids import uuid7
from tests.factories.accounts import make_topup, make_user
from wallet.accounts import queries
from wallet.accounts.models import WalletUser
from wallet.accounts.rules import PhoneInvalid
from wallet.accounts.values import UserState

pytestmark = pytest.mark.django_db


def test_finds_a_user_by_id_phone_and_number() -> None:
    user = make_user(phone="13800138000", kyc_tier=0)
    assert queries.user(user.id) == user
    assert queries.user_by_phone("138 0013 8000") == user
    assert queries.user_by_number(user.user_number) == user


@pytest.mark.parametrize(
    "look_up",
    [
        pytest.param(lambda: queries.user(uuid7()), id="id"),
        pytest.param(lambda: queries.user_by_phone("13900139000"), id="phone"),
        pytest.param(lambda: queries.user_by_number("2088000000000000"), id="number"),
    ],
)
def test_finds_nobody_under_an_unknown(look_up: Callable[[], WalletUser]) -> None:
    with pytest.raises(queries.UserUnknown):
        look_up()


def test_a_closed_account_is_not_found_by_phone() -> None:
    user = make_user(kyc_tier=0)
    WalletUser.objects.filter(id=user.id).update(state=UserState.CLOSED)
    with pytest.raises(queries.UserUnknown):
        queries.user_by_phone(user.phone)


def test_text_that_is_no_phone_number_is_told_apart() -> None:
    with pytest.raises(PhoneInvalid):
        queries.user_by_phone("nobody")


def test_somebody_elses_topup_is_not_found() -> None:
    topup = make_topup(make_user(), 100)
    assert queries.topup(topup.user_id, topup.id) == topup
    with pytest.raises(queries.ObjectUnknown):
        queries.topup(make_user().id, topup.id)


def test_somebody_elses_withdrawal_is_not_found() -> None:
    with pytest.raises(queries.ObjectUnknown):
        queries.withdrawal(make_user().id, uuid7())


@pytest.mark.parametrize(
    "name",
    [
        "accounts.decide_kyc",
        "accounts.expire_topups",
        "accounts.flag_overdue_withdrawals",
        "bank.send",
        "bank.answer",
        "bank.process",
    ],
)
def test_every_job_is_on_the_timetable(name: str) -> None:
    assert name in timetable.names()


def test_nothing_is_due_in_an_empty_world() -> None:
    dues = (
        queries.next_application_at,
        queries.next_instruction_at,
        queries.next_answer_at,
        queries.next_callback_at,
        queries.next_topup_expiry_at,
        queries.next_overdue_at,
    )
    assert [due() for due in dues] == [None] * 6
