"""Issue a face token for a person whom a terminal has recognised."""

import secrets
from hmac import compare_digest

from config.kernel import clock, transactions
from config.kernel.errors import SaomaError
from merchants.faces import rules
from merchants.faces.models import FaceEnrolment, FaceSession, FaceToken
from merchants.faces.values import Assertion, EnrolmentState, TerminalState
from wallet import public as wallet

_TOKEN_BYTES = 20


def issue_token(*, assertion: Assertion) -> str:
    """Give a token for what a terminal saw: a minute, one merchant, one order.

    A session has one assertion, whatever it comes to. Call it outside a transaction: the
    use of the session must survive a refusal.

    Raises:
        rules.SessionUnknown, rules.SessionReplayed: no session that waits.
        rules.TerminalUncertified: its terminal is not believed (any more).
        rules.AssertionForged, rules.AssertionStale: it is not the terminal's word of now.
        rules.LivenessLow: nobody is sure that a living person stood there.
        rules.NotEnrolled, rules.PhoneMismatch: it is nobody who pays by face.

    Locks: the session.
    """
    issued = _issue(assertion)
    if isinstance(issued, SaomaError):
        raise issued
    return issued


@transactions.atomic_retry
def _issue(assertion: Assertion) -> str | SaomaError:
    """The token, or the refusal that the session's use is to survive."""
    session = _session(assertion)
    rules.check_signature(assertion, public_key=session.terminal.public_key)
    now = clock.now()
    rules.check_fresh(assertion.taken_at, at=now)
    session.used_at = now
    session.save(update_fields=["used_at"])
    enrolment = FaceEnrolment.objects.filter(
        subject=assertion.subject, state=EnrolmentState.ACTIVE
    ).first()
    if enrolment is None:
        return rules.NotEnrolled(field="subject")
    if assertion.liveness < rules.LEAST_LIVENESS:
        return rules.LivenessLow(liveness=assertion.liveness)
    if not compare_digest(wallet.user(enrolment.user_id).phone.encode(), assertion.phone.encode()):
        return rules.PhoneMismatch(field="phone")
    token = rules.TOKEN_PREFIX + rules.encoded(secrets.token_bytes(_TOKEN_BYTES))
    FaceToken.objects.create(
        token_hash=rules.fingerprint(token),
        session=session,
        enrolment=enrolment,
        on_phone=assertion.liveness < rules.GOOD_LIVENESS,
        issued_at=now,
        expires_at=now + rules.TOKEN_LIFE,
    )
    return token


def _session(assertion: Assertion) -> FaceSession:
    """The session, locked, if it waits for the word of this terminal."""
    rows = FaceSession.objects.select_for_update(of=("self",)).select_related("terminal")
    session = rows.filter(name=assertion.session).first()
    if session is None or session.terminal.serial != assertion.terminal:
        raise rules.SessionUnknown(field="session")
    if session.terminal.state != TerminalState.CERTIFIED:
        raise rules.TerminalUncertified(field="terminal")
    if not compare_digest(session.nonce.encode(), assertion.nonce.encode()):
        raise rules.AssertionForged(field="nonce")
    if session.used_at is not None:
        raise rules.SessionReplayed()
    if clock.now() >= session.expires_at:
        raise rules.SessionUnknown(field="session")
    return session
