"""Create a challenge by which a passkey signs a payment or a hold."""

import uuid

from django.conf import settings
from django.db import IntegrityError, transaction

from config.kernel import clock, transactions
from config.kernel.idempotency.run_idempotent import IdempotencyConflict
from wallet.passkeys import ceremonies, queries, rules
from wallet.passkeys.models import PasskeyChallenge
from wallet.payments.values import ConfirmationKind


@transactions.atomic_retry
def offer_challenge(
    *, user_id: uuid.UUID, key: str, kind: ConfirmationKind, subject_id: uuid.UUID
) -> tuple[PasskeyChallenge, bool]:
    """Give what a passkey is to sign, for five minutes; says whether the key had it before.

    Args:
        user_id: who is asked to sign.
        key: the person's own; the same one gives the same challenge again.
        kind: what is to be confirmed.
        subject_id: which: the payment's id, or the authorisation's.

    Raises:
        PaymentUnknown, AuthorisationUnknown: there is no such thing, or it is another's.
        AlreadyConfirmed: nothing waits for their word.
        NoPasskey: the person has no active passkey.
        IdempotencyConflict: the key was used for something else.
    """
    earlier = PasskeyChallenge.objects.filter(user_id=user_id, key=key).first()
    if earlier is None:
        row = _new(user_id, key, kind, subject_id)
        try:
            with transaction.atomic():
                row.save(force_insert=True)
            return row, False
        except IntegrityError:
            earlier = PasskeyChallenge.objects.get(user_id=user_id, key=key)
    if (earlier.kind, earlier.subject_id) != (kind, subject_id):
        raise IdempotencyConflict(key=key, field="Idempotency-Key")
    return earlier, True


def signing_options(challenge: PasskeyChallenge) -> ceremonies.Json:
    """What the browser is given to sign it; the person's active passkeys may."""
    return ceremonies.request_options(
        rules.relying_party(settings.PUBLIC_URL),
        challenge=rules.digest(challenge.transaction),
        allowed=queries.active_credentials(challenge.user_id),
    )


def _new(
    user_id: uuid.UUID, key: str, kind: ConfirmationKind, subject_id: uuid.UUID
) -> PasskeyChallenge:
    confirmation = queries.confirmation(user_id=user_id, kind=kind, subject_id=subject_id)
    if not queries.active_credentials(user_id):
        raise rules.NoPasskey()
    at, nonce = clock.now(), ceremonies.fresh_challenge()
    rows = PasskeyChallenge.objects.filter(user_id=user_id, used_at__isnull=True)
    rows.filter(expires_at__lte=at - rules.UNUSED_KEPT).delete()
    return PasskeyChallenge(
        user_id=user_id,
        key=key,
        kind=kind,
        subject_id=subject_id,
        nonce=nonce,
        transaction=rules.canonical(confirmation, nonce),
        created_at=at,
        expires_at=at + rules.OFFER_LIFE,
    )
