"""The payer agrees to a payment that waits for them."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from django.conf import settings

from config.kernel import clock, transactions
from config.kernel.errors import required
from wallet.accounts import queries as accounts
from wallet.accounts.models import Device
from wallet.accounts.usecases.check_pin import check_pin
from wallet.accounts.usecases.consume_limit import check_days
from wallet.payments import queries, rules
from wallet.payments.models import Payment
from wallet.payments.rules import PayerAuth
from wallet.payments.usecases.charge_payer import charge_covered
from wallet.payments.usecases.judge_payment import judge_payment, keeping_verdict
from wallet.payments.values import (
    PaymentStatus,
    PayOutcome,
    PayResult,
    PresentedKind,
    Proof,
)
from wallet.risk.values import Decision, Value


def confirm_payment(
    *,
    payment_id: uuid.UUID,
    payer_id: uuid.UUID,
    pin: str | None = None,
    device_id: uuid.UUID | None = None,
    proof: Proof | None = None,
    coupon_ids: Sequence[uuid.UUID] = (),
) -> PayOutcome:
    """Pay an unpaid payment out of the payer's wallet.

    Confirming a payment that this payer has paid gives it again (REPLAYED), whatever the
    PIN. A payment
    without a payer becomes this payer's. A refusal leaves it unpaid and open to another
    try. Call it outside a transaction: PIN strikes must survive a refusal.

    Args:
        payment_id: the payment.
        payer_id: who pays.
        pin: payment PIN; needed above the no-PIN limits, or where the payment says so.
        device_id: the payer's device it is confirmed on, for the risk rules.
        proof: stands for the PIN; it judges what is confirmed, and is used up with the payment.
        coupon_ids: coupons of the payer's that pay a part of it.

    Raises:
        PaymentUnknown, ObjectUnknown: there is no such payment, or no such device.
        PinWrong, PinLocked: the PIN is not the payer's.
        PinRequired: no PIN was given and one is needed.
        PayerMismatch: the payment is another payer's.
        PaymentClosed: it is closed, or its time is over.
        LimitExceeded: the daily limit of this way of paying is used up.
        PaymentDeclined, PaymentDelayed: the risk rules refuse it, for now or for good.
        whatever `proof` and `charge_covered` raise.

    Locks: the payment, then as `proof` and `charge_covered`.
    """
    device = None
    if not _is_paid_by(payer_id, payment_id):
        if device_id is not None:
            device = accounts.live_device(user_id=payer_id, device_id=device_id)
        if pin is not None:
            check_pin(user_id=payer_id, pin=pin)
    at = clock.now()
    with keeping_verdict(at=at):
        return _confirm(payment_id, payer_id, pin is not None, device, at, proof, coupon_ids)


def _is_paid_by(payer_id: uuid.UUID, payment_id: uuid.UUID) -> bool:
    paid = {PaymentStatus.PAID, PaymentStatus.FINISHED}
    return Payment.objects.filter(id=payment_id, payer_id=payer_id, status__in=paid).exists()


@transactions.atomic_retry
def _confirm(
    payment_id: uuid.UUID,
    payer_id: uuid.UUID,
    with_pin: bool,
    device: Device | None,
    at: datetime,
    proof: Proof | None,
    coupon_ids: Sequence[uuid.UUID],
) -> PayOutcome:
    payment = queries.locked_payment(payment_id)
    payer = accounts.user(payer_id)
    if payment.payer_id not in {None, payer_id}:
        raise rules.PayerMismatch(payment_id=str(payment_id))
    if payment.status in {PaymentStatus.PAID, PaymentStatus.FINISHED}:
        return PayOutcome(queries.view(payment, payer), PayResult.REPLAYED)
    _check_open(payment, at)
    if proof is not None:
        proof(queries.confirmation_of(payment))
        with_pin = True
    auth = PayerAuth(with_pin=with_pin)
    payment.payer_id = payer_id
    if device is not None and payment.device_id is None:
        payment.device_id = device.id
    _look_at_limits(payment, auth, at)
    assessed = judge_payment(
        payment, payer_id, at=at, pin_given=with_pin, device=_of_device(payment, at)
    )
    if assessed.verdict.decision is Decision.CHALLENGE and not with_pin:
        raise rules.PinRequired(field="pin")
    charge_covered(
        payment=payment,
        payer=payer,
        auth=auth,
        at=at,
        assessed=assessed,
        coupon_ids=set(coupon_ids),
    )
    return PayOutcome(queries.view(payment, payer), PayResult.PAID)


def _check_open(payment: Payment, at: datetime) -> None:
    """A payment past its end is as good as closed, whether or not the job came by."""
    rules.check_move(PaymentStatus(payment.status), PaymentStatus.PAID)
    rules.check_uncontested(payment.contested_at)
    if at >= payment.expires_at:
        raise rules.PaymentClosed(status="EXPIRED")


def _look_at_limits(payment: Payment, auth: PayerAuth, at: datetime) -> None:
    """Refuse early and kindly what the limits will refuse under their lock.

    Those that no PIN lifts come first, then whether the PIN is needed.
    """
    needs_pin = payment.needs_pin or payment.amount_minor > settings.SAOMA_NO_PIN_LIMIT_MINOR
    days = rules.day_limits(auth, PresentedKind(payment.presented))
    if needs_pin and not auth.with_pin:
        days = tuple(limit for limit in days if limit is rules.STATIC_DAY)
    usage = accounts.usage_of(required(payment.payer_id, "who confirms is the payer"))
    check_days(usage, days, amount_minor=payment.amount_minor, at=at)
    if needs_pin and not auth.with_pin:
        raise rules.PinRequired(field="pin")


def _of_device(payment: Payment, at: datetime) -> dict[str, Value]:
    device = accounts.device_seen(payment.device_id) if payment.device_id else None
    if device is None:
        return {}
    age_h = (at - device.created_at).total_seconds() / 3600
    return {"device_known": True, "device_age_h": age_h}
