"""Lend aliases to a phone, or make a whole code for a client without a key."""

import uuid
from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, transaction

from config.kernel import clock, ids, transactions
from config.kernel.errors import Unavailable
from wallet.accounts.models import Device
from wallet.payments.models import PaymentCode
from wallet.payments.rules import ALIAS_BATCH, DeviceNotOwned
from wallet.payments.values import AliasGrant, CodeState, FreshCode
from wallet.qr import paycode

FRESH_CODE_LIFE = timedelta(seconds=60)
# An alias this close to its end is replaced rather than handed out again.
USEFUL_LIFE = timedelta(hours=1)
TRIES = 5


class CodesExhausted(Unavailable):
    """No free alias was found in a few tries; the number space is nearly full."""

    code = "codes_exhausted"
    message = "No payment code is free at the moment; try again."


@transactions.atomic_retry
def issue_aliases(*, device_id: uuid.UUID, user_id: uuid.UUID | None = None) -> list[AliasGrant]:
    """Give a device its ten aliases, topping up those it has used; the device counts as seen.

    Asking again gives the same aliases as long as none is used, so a lost answer costs none.

    Args:
        device_id: the device that will show the codes.
        user_id: whose device it must be; None where the caller has checked.

    Raises:
        DeviceNotOwned: the device is unknown, revoked or another user's.
        CodesExhausted: no free alias was found.

    Locks: the device.
    """
    now = clock.now()
    device = (
        Device.objects.select_for_update().filter(id=device_id, revoked_at__isnull=True).first()
    )
    if device is None or (user_id is not None and device.user_id != user_id):
        raise DeviceNotOwned(field="device_id")
    device.last_seen_at = now
    device.save(update_fields=["last_seen_at"])
    useful = PaymentCode.objects.filter(
        device_id=device_id,
        state=CodeState.ISSUED,
        kind=paycode.CodeKind.OFFLINE,
        expires_at__gt=now + USEFUL_LIFE,
    )
    grants = [AliasGrant(code.token, code.expires_at) for code in useful.order_by("id")]
    expires_at = now + timedelta(hours=settings.SAOMA_ALIAS_LIFE_H)
    while len(grants) < ALIAS_BATCH:
        code = _store_new(
            PaymentCode(
                kind=paycode.CodeKind.OFFLINE,
                user_id=device.user_id,
                device_id=device_id,
                issued_at=now,
                expires_at=expires_at,
            ),
            digits=paycode.ALIAS_DIGITS,
        )
        grants.append(AliasGrant(code.token, code.expires_at))
    return grants


@transactions.atomic_retry
def issue_fresh_code(*, user_id: uuid.UUID) -> FreshCode:
    """Make a whole code (type 0) for a client without a stored key, good for 60 seconds.

    Raises:
        CodesExhausted: no free number was found.
    """
    now = clock.now()
    code = _store_new(
        PaymentCode(
            kind=paycode.CodeKind.RANDOM,
            user_id=user_id,
            issued_at=now,
            expires_at=now + FRESH_CODE_LIFE,
        ),
        digits=paycode.RANDOM_DIGITS,
    )
    digits = paycode.compose_random(prefix=settings.SAOMA_PAYCODE_PREFIX, token=code.token)
    return FreshCode(digits, code.expires_at)


def _store_new(code: PaymentCode, *, digits: int) -> PaymentCode:
    """Save a code under a number that no other code has; the unique index is the judge."""
    for _ in range(TRIES):
        code.token = ids.random_digits(digits)
        try:
            with transaction.atomic():
                code.save(force_insert=True)
        except IntegrityError:
            continue
        return code
    raise CodesExhausted()
