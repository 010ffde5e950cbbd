"""Questions about speakers and what was spoken to them."""

import uuid

from django.db.models import QuerySet

from merchants.speakers import rules
from merchants.speakers.models import Speaker, VoiceOrder
from merchants.speakers.values import OrderState
from wallet import public as wallet

_OF_PAYMENT = {
    wallet.PaymentStatus.PENDING: OrderState.AWAITING_CONFIRM,
    wallet.PaymentStatus.PAID: OrderState.PAID,
    wallet.PaymentStatus.FINISHED: OrderState.PAID,
    wallet.PaymentStatus.CLOSED: OrderState.EXPIRED,
}


def bound_to(user_id: uuid.UUID) -> QuerySet[Speaker]:
    """A person's speakers, newest first."""
    return Speaker.objects.filter(user_id=user_id, revoked_at__isnull=True)


def locked_speaker(speaker_id: uuid.UUID) -> Speaker:
    """A bound speaker, locked.

    Raises:
        rules.SpeakerUnbound: there is none.
    """
    row = Speaker.objects.select_for_update().filter(id=speaker_id).first()
    if row is None or row.revoked_at is not None:
        raise rules.SpeakerUnbound(field="speaker")
    return row


def orders_of(user_id: uuid.UUID) -> QuerySet[VoiceOrder]:
    """What was spoken to a person's speakers, newest first."""
    return VoiceOrder.objects.filter(speaker__user_id=user_id)


def payment_of(order: VoiceOrder) -> wallet.PaymentView | None:
    """The payment of an order, if it came to one."""
    return wallet.payment_by_reference(payee_id=order.payee_id, reference=order.reference)


def state_of(order: VoiceOrder) -> OrderState:
    """Where an order stands; a voice order that somebody paid back is still paid."""
    payment = payment_of(order)
    if payment is None:
        return OrderState.REFUSED if order.refusal else OrderState.SPOKEN
    if payment.paid_at is not None:
        return OrderState.PAID
    return _OF_PAYMENT[payment.status]
