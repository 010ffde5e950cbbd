"""Log out."""

import uuid

from config.kernel import clock
from wallet.accounts.models import SessionToken
from wallet.accounts.queries import ObjectUnknown


def close_session(*, user_id: uuid.UUID, session_id: uuid.UUID) -> None:
    """End one of the user's sessions; ending it again changes nothing.

    Raises:
        ObjectUnknown: the user has no such session.
    """
    sessions = SessionToken.objects.filter(id=session_id, user_id=user_id)
    ended = sessions.filter(revoked_at__isnull=True).update(revoked_at=clock.now())
    if not ended and not sessions.exists():
        raise ObjectUnknown()


def close_all_sessions(*, user_id: uuid.UUID, but: uuid.UUID | None = None) -> int:
    """End all of a user's sessions, save the one with id `but`. Returns how many ended."""
    live = SessionToken.objects.filter(user_id=user_id, revoked_at__isnull=True)
    if but is not None:
        live = live.exclude(id=but)
    return live.update(revoked_at=clock.now())
