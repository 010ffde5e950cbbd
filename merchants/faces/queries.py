"""Questions about paying by face."""

import uuid

from django.db.models import QuerySet

from config.kernel import clock
from merchants.faces import rules
from merchants.faces.models import FaceEnrolment, FaceTerminal, FaceToken
from merchants.faces.values import EnrolmentState, TerminalState


def enrolment_of(user_id: uuid.UUID) -> FaceEnrolment | None:
    """A person's enrolment in force."""
    return FaceEnrolment.objects.filter(user_id=user_id, state=EnrolmentState.ACTIVE).first()


def terminals_of(owner_id: uuid.UUID) -> QuerySet[FaceTerminal]:
    """The face terminals in an owner's stores."""
    rows = FaceTerminal.objects.filter(store__merchant__owner_id=owner_id)
    return rows.select_related("store__merchant")


def certified_terminal(serial: str, *, merchant_id: uuid.UUID) -> FaceTerminal:
    """A terminal that is believed at this merchant.

    Raises:
        rules.TerminalUncertified: it is not.
    """
    terminal = FaceTerminal.objects.filter(
        serial=serial, state=TerminalState.CERTIFIED, store__merchant_id=merchant_id
    ).first()
    if terminal is None:
        raise rules.TerminalUncertified(field="terminal")
    return terminal


def token_shown(token: str, *, merchant_id: uuid.UUID) -> FaceToken:
    """A token as a merchant shows it, used or not; not claimed by this.

    Raises:
        rules.TokenInvalid: unknown, or withdrawn from, or its terminal is revoked.
        rules.MerchantMismatch: made at another merchant.
        rules.TokenExpired: unused, and its minute is over.
    """
    rows = FaceToken.objects.select_related("enrolment", "session__terminal__store")
    face_token = rows.filter(token_hash=rules.fingerprint(token)).first()
    if face_token is None:
        raise rules.TokenInvalid(field="auth_code")
    terminal = face_token.session.terminal
    if terminal.store.merchant_id != merchant_id:
        raise rules.MerchantMismatch(field="auth_code")
    believed = terminal.state == TerminalState.CERTIFIED
    if not believed or face_token.enrolment.state != EnrolmentState.ACTIVE:
        raise rules.TokenInvalid(field="auth_code")
    if face_token.used_at is None and clock.now() >= face_token.expires_at:
        raise rules.TokenExpired(field="auth_code")
    return face_token
