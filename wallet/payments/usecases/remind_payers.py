"""Remind payers of a payment that has waited for them for days and soon runs out."""

import uuid
from datetime import datetime, timedelta

from wallet.accounts.usecases.remind import Finding, plan_reminder
from wallet.money import format_amount
from wallet.payments.models import Payment
from wallet.payments.values import PaymentStatus

KIND = "payment"
BEFORE = timedelta(days=1)
# What waits for less is an order at a till or in a shop: its payer is still there.
LEAST_LIFE = timedelta(days=2)
SUBJECT_SHOWN = 40
NOTICE = "{subject}: pay {amount} {currency} to {payee} by {by} UTC, or say that it is not owed."


def remind_payer(payment: Payment) -> None:
    """Let a payment's payer be reminded a day before it runs out; again changes nothing.

    Part of the transaction in which the payment has got its payer.
    """
    if payment.payer_id is not None and payment.expires_at - payment.created_at >= LEAST_LIFE:
        plan_reminder(KIND, payment.id, due_at=payment.expires_at - BEFORE)


def look_at_payment(payment_id: uuid.UUID, at: datetime) -> Finding:
    """What its payer is told; what is paid or closed needs nothing, what is contested waits."""
    payment = Payment.objects.get(id=payment_id)
    if payment.status != PaymentStatus.PENDING or payment.payer_id is None:
        return {}
    if payment.contested_at is not None:
        # Its time stands still; when it goes on is not known before it is decided.
        return at + BEFORE
    falls_at = payment.expires_at - BEFORE
    return falls_at if falls_at > at else {payment.payer_id: _words(payment)}


def _words(payment: Payment) -> str:
    return NOTICE.format(
        subject=payment.description[:SUBJECT_SHOWN],
        amount=format_amount(payment.amount_minor, payment.currency),
        currency=payment.currency,
        payee=payment.payee_name[:SUBJECT_SHOWN],
        by=f"{payment.expires_at:%Y-%m-%d %H:%M}",
    )
