"""An owner binds a speaker to an agreement, or releases it."""

import uuid

from config.kernel import clock, transactions
from config.kernel.audit.chain import record
from config.kernel.rows import first_or
from merchants.faces.rules import terminal_key
from merchants.speakers import rules
from merchants.speakers.models import Speaker
from wallet import public as wallet


def bind_speaker(
    *,
    user_id: uuid.UUID,
    pin: str,
    agreement_id: uuid.UUID,
    serial: str,
    public_key: str,
    daily_minor: int,
) -> Speaker:
    """Let a device order by voice under one of the owner's agreements; again is the same.

    Call it outside a transaction: wrong PINs are counted.

    Args:
        user_id: the owner.
        pin: their payment PIN.
        agreement_id: an agreement in force with a cap for each payment.
        serial: the device's number, as its owner sees it.
        public_key: P-256 or RSA of at least 2048 bits, in PEM.
        daily_minor: the most that a day's orders may cost without the phone.

    Raises:
        wallet.PinWrong, wallet.PinLocked: the PIN is not theirs.
        wallet.AgreementUnknown: there is no such agreement of theirs.
        rules.CapMissing: it is not in force, or caps no single payment.
        rules.SpeakerConflict: the device is bound with another key, agreement or cap.
        TerminalKeyUnfit: it is no such key.
    """
    wallet.check_pin(user_id=user_id, pin=pin)
    return _bind(user_id, agreement_id, serial, terminal_key(public_key), daily_minor)


@transactions.atomic_retry
def _bind(
    user_id: uuid.UUID, agreement_id: uuid.UUID, serial: str, public_key: str, daily_minor: int
) -> Speaker:
    agreement = wallet.agreement(agreement_id)
    if agreement.payer_id != user_id:
        raise wallet.AgreementUnknown()
    if agreement.status is not wallet.AgreementStatus.NORMAL or not agreement.terms.single_minor:
        raise rules.CapMissing(field="agreement_id")
    facts = {"agreement_id": agreement_id, "public_key": public_key, "daily_minor": daily_minor}
    bound = Speaker.objects.filter(revoked_at__isnull=True)
    speaker, created = bound.get_or_create(user_id=user_id, serial=serial, defaults=facts)
    if created:
        record(
            action="speaker.bound",
            actor=f"user:{user_id}",
            target=f"speaker:{speaker.id}",
            purpose="the owner wants to order by voice",
            after={"agreement": agreement.number, "daily_minor": daily_minor},
        )
    elif any(getattr(speaker, name) != fact for name, fact in facts.items()):
        raise rules.SpeakerConflict(field="serial")
    return speaker


@transactions.atomic_retry
def release_speaker(*, user_id: uuid.UUID, speaker_id: uuid.UUID) -> Speaker:
    """Believe a speaker no longer. Again changes nothing.

    Raises:
        rules.SpeakerNotFound: there is none, or it is somebody else's.

    Locks: the speaker.
    """
    row = first_or(
        Speaker.objects.select_for_update().filter(id=speaker_id, user_id=user_id),
        rules.SpeakerNotFound(),
    )
    if row.revoked_at is None:
        row.revoked_at = clock.now()
        row.save(update_fields=["revoked_at"])
        record(
            action="speaker.released",
            actor=f"user:{user_id}",
            target=f"speaker:{row.id}",
            purpose="the owner took it back",
        )
    return row
