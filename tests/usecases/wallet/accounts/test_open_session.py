"""open_session: a token for the right password, strikes for wrong ones."""

from datetime import timedelta

import pytest

from config.kernel import clock
from config.kernel.errors import InvariantBroken
from tests.factories.accounts import ADDRESS, PASSWORD, make_user, token_of
from tests.factories.clock import advance
from wallet.accounts import queries
from wallet.accounts.models import SessionToken, WalletUser
from wallet.accounts.rules import PhoneInvalid
from wallet.accounts.usecases.confirm_password import LoginLocked, PasswordWrong, TooManyLogins
from wallet.accounts.usecases.open_session import LoginFailed, open_session
from wallet.accounts.usecases.set_pin import set_pin
from wallet.accounts.values import UserState

pytestmark = pytest.mark.django_db
WRONG = "not the password"


@pytest.fixture
def user() -> WalletUser:
    return make_user(phone="13800138000", kyc_tier=0)


def fail(phone: str, *, times: int, address: str = ADDRESS) -> None:
    for _ in range(times):
        with pytest.raises(LoginFailed):
            open_session(phone=phone, password=WRONG, address=address)


def test_gives_a_token_that_opens_the_session(user: WalletUser) -> None:
    session, token = open_session(
        phone="138 0013 8000", password=PASSWORD, address=ADDRESS, label="my phone"
    )
    found = queries.live_session(token, at=clock.now())
    assert found is not None
    assert (found.id, found.user, found.label) == (session.id, user, "my phone")


def test_stores_only_the_tokens_hash(user: WalletUser) -> None:
    session, token = open_session(phone=user.phone, password=PASSWORD, address=ADDRESS)
    assert token.startswith("saoma_")
    assert token not in repr(SessionToken.objects.filter(id=session.id).values().get())


def test_the_session_ends_after_thirty_days(user: WalletUser) -> None:
    token = token_of(user)
    at = clock.now()
    assert queries.live_session(token, at=at + timedelta(days=29)) is not None
    assert queries.live_session(token, at=at + timedelta(days=31)) is None


def test_a_token_that_was_never_given_opens_nothing() -> None:
    assert queries.live_session("saoma_" + "x" * 43, at=clock.now()) is None


@pytest.mark.parametrize("phone", ["13800138000", "13900139000"])
def test_answers_alike_for_wrong_password_and_unknown_phone(user: WalletUser, phone: str) -> None:
    fail(phone, times=4)
    with pytest.raises(LoginLocked) as refusal:
        open_session(phone=phone, password=WRONG, address=ADDRESS)
    assert refusal.value.fields["retry_after_s"] == 15 * 60


def test_a_locked_number_refuses_even_the_right_password(user: WalletUser) -> None:
    fail(user.phone, times=4)
    for password in (WRONG, PASSWORD):
        with pytest.raises(LoginLocked):
            open_session(phone=user.phone, password=password, address=ADDRESS)


def test_the_lock_ends_after_fifteen_minutes(user: WalletUser) -> None:
    fail(user.phone, times=4)
    with pytest.raises(LoginLocked):
        open_session(phone=user.phone, password=WRONG, address=ADDRESS)
    advance(minutes=15)
    assert token_of(user)


def test_a_right_password_clears_the_strikes(user: WalletUser) -> None:
    fail(user.phone, times=4)
    token_of(user)
    fail(user.phone, times=4)


def test_old_strikes_are_forgotten(user: WalletUser) -> None:
    fail(user.phone, times=4)
    advance(minutes=16)
    fail(user.phone, times=4)


def test_thirty_wrong_logins_lock_the_address_for_all_numbers(user: WalletUser) -> None:
    for number in range(30):
        fail(f"139{number:08}", times=1, address="203.0.113.9")
    with pytest.raises(TooManyLogins):
        open_session(phone=user.phone, password=PASSWORD, address="203.0.113.9")
    assert open_session(phone=user.phone, password=PASSWORD, address="203.0.113.10")


def test_the_address_is_free_again_after_fifteen_minutes(user: WalletUser) -> None:
    for number in range(30):
        fail(f"139{number:08}", times=1, address="203.0.113.9")
    advance(minutes=15)
    assert open_session(phone=user.phone, password=PASSWORD, address="203.0.113.9")


def test_addresses_of_one_ipv6_network_are_one_caller(user: WalletUser) -> None:
    for number in range(30):
        fail(f"139{number:08}", times=1, address=f"2001:db8::{number + 1:x}")
    with pytest.raises(TooManyLogins):
        open_session(phone=user.phone, password=PASSWORD, address="2001:db8::ffff")
    assert open_session(phone=user.phone, password=PASSWORD, address="2001:db8:0:1::1")


def test_no_password_is_judged_without_an_address(user: WalletUser) -> None:
    with pytest.raises(InvariantBroken):
        open_session(phone=user.phone, password=PASSWORD, address="")


def test_wrong_passwords_beside_a_session_count_for_the_address_too(user: WalletUser) -> None:
    for number in range(6):
        other = make_user(phone=f"1370000000{number}")
        for _ in range(5):
            with pytest.raises((PasswordWrong, LoginLocked)):
                set_pin(user_id=other.id, password=WRONG, address="203.0.113.9", pin="135790")
    with pytest.raises(TooManyLogins):
        open_session(phone=user.phone, password=PASSWORD, address="203.0.113.9")


def test_a_closed_account_cannot_log_in(user: WalletUser) -> None:
    WalletUser.objects.filter(id=user.id).update(state=UserState.CLOSED)
    fail(user.phone, times=1)


def test_a_frozen_account_can_log_in_and_look(user: WalletUser) -> None:
    WalletUser.objects.filter(id=user.id).update(state=UserState.FROZEN)
    assert token_of(user)


def test_refuses_what_is_no_phone_number() -> None:
    with pytest.raises(PhoneInvalid):
        open_session(phone="nobody", password=PASSWORD, address=ADDRESS)
