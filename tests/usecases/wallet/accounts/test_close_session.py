"""close_session and close_all_sessions: a closed session opens nothing."""

import pytest

from config.kernel import clock
from config.kernel.ids import uuid7
from tests.factories.accounts import ADDRESS, PASSWORD, make_user, token_of
from wallet.accounts import queries
from wallet.accounts.usecases.close_session import close_all_sessions, close_session
from wallet.accounts.usecases.open_session import open_session

pytestmark = pytest.mark.django_db


def is_live(token: str) -> bool:
    return queries.live_session(token, at=clock.now()) is not None


def test_ends_one_session_and_no_other() -> None:
    user = make_user(kyc_tier=0)
    session, token = open_session(phone=user.phone, password=PASSWORD, address=ADDRESS)
    other = token_of(user)
    close_session(user_id=user.id, session_id=session.id)
    assert not is_live(token)
    assert is_live(other)


def test_ending_it_again_changes_nothing() -> None:
    user = make_user(kyc_tier=0)
    session, _ = open_session(phone=user.phone, password=PASSWORD, address=ADDRESS)
    close_session(user_id=user.id, session_id=session.id)
    session.refresh_from_db()
    ended_at = session.revoked_at
    close_session(user_id=user.id, session_id=session.id)
    session.refresh_from_db()
    assert session.revoked_at == ended_at


def test_somebody_elses_session_is_not_found_and_stays_open() -> None:
    user, other = make_user(kyc_tier=0), make_user(kyc_tier=0)
    session, token = open_session(phone=user.phone, password=PASSWORD, address=ADDRESS)
    for wrong in (session.id, uuid7()):
        with pytest.raises(queries.ObjectUnknown):
            close_session(user_id=other.id, session_id=wrong)
    assert is_live(token)


def test_ends_all_sessions_but_one() -> None:
    user = make_user(kyc_tier=0)
    kept, token = open_session(phone=user.phone, password=PASSWORD, address=ADDRESS)
    others = [token_of(user), token_of(user)]
    assert close_all_sessions(user_id=user.id, but=kept.id) == 2
    assert is_live(token)
    assert not any(is_live(other) for other in others)


def test_ends_all_sessions() -> None:
    user = make_user(kyc_tier=0)
    token = token_of(user)
    assert close_all_sessions(user_id=user.id) == 1
    assert not is_live(token)
