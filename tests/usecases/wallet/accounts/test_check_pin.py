"""check_pin and set_pin: five wrong ones lock, the right one clears, a new one unlocks."""

import pytest

from config.kernel.ids import uuid7
from tests.factories.accounts import ADDRESS, PASSWORD, PIN, make_user
from tests.factories.clock import advance
from wallet.accounts.models import WalletUser
from wallet.accounts.queries import UserUnknown
from wallet.accounts.rules import PinInvalid, PinWeak
from wallet.accounts.usecases.check_pin import PinLocked, PinWrong, check_pin
from wallet.accounts.usecases.confirm_password import PasswordWrong
from wallet.accounts.usecases.set_pin import set_pin

pytestmark = pytest.mark.django_db
WRONG = "864200"


@pytest.fixture
def user() -> WalletUser:
    return make_user(kyc_tier=0)


def miss(user: WalletUser, times: int) -> list[object]:
    left = []
    for _ in range(times):
        with pytest.raises(PinWrong) as refusal:
            check_pin(user_id=user.id, pin=WRONG)
        left.append(refusal.value.fields["tries_left"])
    return left


def lock(user: WalletUser) -> None:
    miss(user, 4)
    with pytest.raises(PinLocked):
        check_pin(user_id=user.id, pin=WRONG)


def test_accepts_the_users_pin(user: WalletUser) -> None:
    check_pin(user_id=user.id, pin=PIN)


def test_says_how_many_tries_are_left(user: WalletUser) -> None:
    assert miss(user, 4) == [4, 3, 2, 1]


def test_the_fifth_wrong_pin_locks_even_the_right_one(user: WalletUser) -> None:
    lock(user)
    with pytest.raises(PinLocked) as refusal:
        check_pin(user_id=user.id, pin=PIN)
    assert refusal.value.fields["retry_after_s"] == 15 * 60


def test_the_lock_ends_and_gives_five_new_tries(user: WalletUser) -> None:
    lock(user)
    advance(minutes=15)
    assert miss(user, 4) == [4, 3, 2, 1]


def test_a_right_pin_clears_the_strikes(user: WalletUser) -> None:
    miss(user, 4)
    check_pin(user_id=user.id, pin=PIN)
    assert miss(user, 1) == [4]


def test_strikes_do_not_fade_with_time(user: WalletUser) -> None:
    miss(user, 4)
    advance(days=2)
    with pytest.raises(PinLocked):
        check_pin(user_id=user.id, pin=WRONG)


@pytest.mark.parametrize("pin", ["", "13579", "x" * 200, "１３５７９０"])
def test_a_malformed_pin_is_a_wrong_one(user: WalletUser, pin: str) -> None:
    with pytest.raises(PinWrong):
        check_pin(user_id=user.id, pin=pin)


def test_another_users_pin_hash_fits_nobody_else(user: WalletUser) -> None:
    other = make_user(kyc_tier=0)
    WalletUser.objects.filter(id=other.id).update(pin_hash=user.pin_hash)
    with pytest.raises(PinWrong):
        check_pin(user_id=other.id, pin=PIN)


def test_nobody_has_no_pin() -> None:
    with pytest.raises(UserUnknown):
        check_pin(user_id=uuid7(), pin=PIN)


def test_a_new_pin_unlocks_and_replaces_the_old_one(user: WalletUser) -> None:
    lock(user)
    set_pin(user_id=user.id, password=PASSWORD, address=ADDRESS, pin="246813")
    check_pin(user_id=user.id, pin="246813")
    assert miss(user, 1) == [4]


@pytest.mark.parametrize(
    ("password", "pin", "error"),
    [
        pytest.param("wrong guess", "246813", PasswordWrong, id="wrong password"),
        pytest.param(PASSWORD, "24681", PinInvalid, id="five digits"),
        pytest.param(PASSWORD, "111111", PinWeak, id="weak"),
    ],
)
def test_a_refused_new_pin_leaves_the_old_one(
    user: WalletUser, password: str, pin: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        set_pin(user_id=user.id, password=password, address=ADDRESS, pin=pin)
    check_pin(user_id=user.id, pin=PIN)
