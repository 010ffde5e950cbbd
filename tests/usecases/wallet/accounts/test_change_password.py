"""change_password: the old one proves, the new one counts, other sessions end."""

import pytest

from config.kernel import clock
from tests.factories.accounts import ADDRESS, PASSWORD, make_user, token_of
from wallet.accounts import queries
from wallet.accounts.rules import PasswordWeak
from wallet.accounts.usecases.change_password import change_password
from wallet.accounts.usecases.confirm_password import LoginLocked, PasswordWrong
from wallet.accounts.usecases.open_session import LoginFailed, open_session

pytestmark = pytest.mark.django_db
NEW = "another long password"


def test_the_new_password_replaces_the_old_one() -> None:
    user = make_user(kyc_tier=0)
    change_password(user_id=user.id, password=PASSWORD, address=ADDRESS, new_password=NEW)
    assert open_session(phone=user.phone, password=NEW, address=ADDRESS)
    with pytest.raises(LoginFailed):
        open_session(phone=user.phone, password=PASSWORD, address=ADDRESS)


def test_ends_every_session_but_the_asking_one() -> None:
    user = make_user(kyc_tier=0)
    asking, token = open_session(phone=user.phone, password=PASSWORD, address=ADDRESS)
    other = token_of(user)
    change_password(
        user_id=user.id, password=PASSWORD, address=ADDRESS, new_password=NEW, session_id=asking.id
    )
    assert queries.live_session(token, at=clock.now())
    assert not queries.live_session(other, at=clock.now())


def test_a_wrong_password_changes_nothing_and_counts_as_a_wrong_login() -> None:
    user = make_user(kyc_tier=0)
    for _ in range(4):
        with pytest.raises(PasswordWrong):
            change_password(
                user_id=user.id, password="wrong guess", address=ADDRESS, new_password=NEW
            )
    with pytest.raises(LoginLocked):
        change_password(user_id=user.id, password="wrong guess", address=ADDRESS, new_password=NEW)
    user.refresh_from_db()
    with pytest.raises(LoginLocked):
        open_session(phone=user.phone, password=PASSWORD, address=ADDRESS)


def test_a_weak_new_password_is_refused_before_the_old_one_is_checked() -> None:
    user = make_user(kyc_tier=0)
    with pytest.raises(PasswordWeak):
        change_password(user_id=user.id, password=PASSWORD, address=ADDRESS, new_password="short")
    assert token_of(user)
