"""Sessions of operators: when they began and were last seen, and how they end.

They are counted on the system's clock: a lesson that moves the world by a week signs nobody out.
"""

import hashlib
import uuid
from datetime import datetime

from django.contrib.auth.models import User

from config.kernel import clock, transactions
from config.kernel.access.models import OperatorSession
from config.kernel.access.values import LONGEST_IDLE, LONGEST_SESSION, SEEN_EVERY, SessionEnd
from config.kernel.actors import operator_actor
from config.kernel.audit import chain
from config.kernel.errors import NotFound

BROWSER_CHARACTERS = 200


class SessionUnknown(NotFound):
    """There is no such session."""

    code = "operator_session_not_found"
    message = "There is no such session."


def digest_of(key: str) -> str:
    """How a session's key is known here."""
    return hashlib.sha256(key.encode()).hexdigest()


def use_session(*, operator: User, key: str, address: str, browser: str) -> SessionEnd | None:
    """Note that an operator's session is used; how it has ended, or None where it goes on.

    The first use begins it. An end is found once and written to the audit log.

    Args:
        operator: who is signed in.
        key: the session's key.
        address: network address of the caller.
        browser: what it says of itself.
    """
    now = present()
    session, _ = OperatorSession.objects.get_or_create(
        key_digest=digest_of(key),
        defaults={
            "operator": operator,
            "address": address,
            "browser": browser[:BROWSER_CHARACTERS],
            "began_at": now,
            "seen_at": now,
        },
    )
    if session.ended_at is not None:
        return SessionEnd(session.ended_by)
    how = _over(session, now)
    if how is not None:
        end_session(session_id=session.id, how=how, actor="system:sessions")
    elif now - session.seen_at >= SEEN_EVERY:
        OperatorSession.objects.filter(id=session.id).update(seen_at=now)
    return how


@transactions.atomic_retry
def end_session(
    *, session_id: uuid.UUID, how: SessionEnd, actor: str, reason: str = ""
) -> OperatorSession:
    """End a session, once; ending it again changes nothing.

    Raises:
        SessionUnknown: there is none.

    Locks: the session.
    """
    session = (
        OperatorSession.objects.select_for_update(of=("self",))
        .select_related("operator")
        .filter(id=session_id)
        .first()
    )
    if session is None:
        raise SessionUnknown(session_id=str(session_id))
    if session.ended_at is None:
        session.ended_at, session.ended_by = present(), how.value
        session.save(update_fields=["ended_at", "ended_by"])
        chain.record(
            action="access.session_ended",
            actor=actor[:128],
            target=operator_actor(session.operator.get_username()),
            purpose=reason[:256],
            after={"session": str(session.id), "how": how.value, "address": session.address},
        )
    return session


@transactions.atomic_retry
def end_all(*, operator: User, actor: str, reason: str) -> int:
    """End every session of an operator; returns how many were open.

    Locks: the sessions, one after the other.
    """
    there = OperatorSession.objects.filter(operator=operator, ended_at__isnull=True)
    ids = list(there.order_by("id").values_list("id", flat=True))
    for session_id in ids:
        end_session(session_id=session_id, how=SessionEnd.ENDED, actor=actor, reason=reason)
    return len(ids)


def sign_out(*, key: str, actor: str) -> None:
    """The operator has signed out."""
    session = OperatorSession.objects.filter(key_digest=digest_of(key)).first()
    if session is not None:
        end_session(session_id=session.id, how=SessionEnd.SIGNED_OUT, actor=actor)


def present() -> datetime:
    """The system's time, whatever the world's clock shows."""
    return clock.now() - clock.offset()


def _over(session: OperatorSession, now: datetime) -> SessionEnd | None:
    if now - session.began_at >= LONGEST_SESSION:
        return SessionEnd.TOO_OLD
    return SessionEnd.IDLE if now - session.seen_at >= LONGEST_IDLE else None
