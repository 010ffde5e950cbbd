"""Questions about passkeys and challenges."""

import uuid
from datetime import datetime

from django.db.models import QuerySet

from config.kernel.rows import first_or
from wallet.authorisations import queries as authorisations
from wallet.passkeys import rules
from wallet.passkeys.models import Passkey, PasskeyChallenge
from wallet.passkeys.values import PasskeyState
from wallet.payments import queries as payments
from wallet.payments.values import Confirmation, ConfirmationKind


def passkeys_of(user_id: uuid.UUID) -> QuerySet[Passkey]:
    """A person's passkeys, ended ones too, newest first; offers are none yet."""
    rows = Passkey.objects.filter(user_id=user_id, credential__isnull=False)
    return rows.order_by("-created_at", "-id")


def active_credentials(user_id: uuid.UUID) -> list[str]:
    """What a person's devices call the passkeys that may sign."""
    rows = passkeys_of(user_id).filter(state=PasskeyState.ACTIVE)
    return [credential for credential in rows.values_list("credential", flat=True) if credential]


def passkey_of(user_id: uuid.UUID, passkey_id: uuid.UUID) -> Passkey:
    """One of a person's passkeys.

    Raises:
        PasskeyUnknown: they have no such one.
    """
    return first_or(passkeys_of(user_id).filter(id=passkey_id), rules.PasskeyUnknown())


def passkey_named(user_id: uuid.UUID, credential: str) -> Passkey | None:
    """A person's registered passkey by the device's name for it."""
    return passkeys_of(user_id).filter(credential=credential).first()


def pending_of(user_id: uuid.UUID) -> Passkey | None:
    """The open offer to register, locked."""
    rows = Passkey.objects.select_for_update()
    return rows.filter(user_id=user_id, state=PasskeyState.PENDING).first()


def locked_passkey(passkey_id: uuid.UUID) -> Passkey:
    """A passkey, locked.

    Raises:
        PasskeyUnknown: there is none.
    """
    return first_or(
        Passkey.objects.select_for_update().filter(id=passkey_id), rules.PasskeyUnknown()
    )


def locked_by_credential(user_id: uuid.UUID, credential: str) -> Passkey:
    """The passkey that is to sign for a person, locked.

    Raises:
        PasskeyNotYours: it is another person's, or none of ours.
        PasskeyEnded: it is suspended or revoked.
    """
    row = Passkey.objects.select_for_update().filter(credential=credential).first()
    if row is None or row.user_id != user_id:
        raise rules.PasskeyNotYours(field="credential")
    if row.state != PasskeyState.ACTIVE:
        raise rules.PasskeyEnded(field="credential", state=row.state)
    return row


def challenge_of(user_id: uuid.UUID, challenge_id: uuid.UUID) -> PasskeyChallenge:
    """One of a person's challenges.

    Raises:
        ChallengeUnknown: they have no such one.
    """
    return first_or(
        PasskeyChallenge.objects.filter(id=challenge_id, user_id=user_id), rules.ChallengeUnknown()
    )


def locked_challenge(challenge_id: uuid.UUID, *, at: datetime) -> PasskeyChallenge:
    """A challenge that may still be signed, locked.

    Raises:
        AssertionReplayed, ChallengeExpired: it may not.
    """
    row = PasskeyChallenge.objects.select_for_update().get(id=challenge_id)
    if row.used_at is not None:
        raise rules.AssertionReplayed()
    if row.expires_at <= at:
        raise rules.ChallengeExpired()
    return row


def confirmation(
    *, user_id: uuid.UUID, kind: ConfirmationKind, subject_id: uuid.UUID
) -> Confirmation:
    """What a person would agree to, as it stands now.

    Raises:
        PaymentUnknown, AuthorisationUnknown: there is no such thing, or it is another's.
        AlreadyConfirmed: nothing waits for their word.
    """
    if kind is ConfirmationKind.PAYMENT:
        row = payments.payment_of_payer(user_id=user_id, payment_id=subject_id)
        return payments.confirmation_of(row)
    authorisation = authorisations.one_of_user(user_id=user_id, authorisation_id=subject_id)
    operation = authorisations.waiting_hold(authorisation)
    if operation is None:
        raise rules.AlreadyConfirmed()
    return authorisations.confirmation_of(authorisation, operation)
