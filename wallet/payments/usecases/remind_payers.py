"""Remind payers of a payment that has waited for them for days and soon runs out."""

import uuid
from datetime import datetime, timedelta

from config.kernel import transactions
from config.kernel.claims import claim
from wallet.accounts.usecases.send_notice import send_notice
from wallet.money import format_amount
from wallet.payments.models import Payment, PaymentReminder
from wallet.payments.values import PaymentStatus

BEFORE = timedelta(days=1)
# What waits for less is an order at a till or in a shop: its payer is still there.
LEAST_LIFE = timedelta(days=2)
BATCH = 100
SUBJECT_SHOWN = 40
NOTICE = "{subject}: pay {amount} {currency} to {payee} by {by} UTC, or say that it is not owed."


def plan_reminder(payment: Payment) -> None:
    """Let a payment's payer be reminded a day before it runs out; again changes nothing.

    Part of the transaction in which the payment has got its payer.
    """
    if payment.payer_id is not None and payment.expires_at - payment.created_at >= LEAST_LIFE:
        PaymentReminder.objects.get_or_create(
            payment=payment, defaults={"due_at": payment.expires_at - BEFORE}
        )


def remind_payers(*, at: datetime) -> int:
    """Remind whoever is due by `at`, once a payment; returns how many reminders were looked at.

    Safe beside other workers and safe twice: each batch claims its rows.
    """
    count = 0
    while batch := _remind_batch(at):
        count += batch
    return count


@transactions.atomic_retry
def _remind_batch(at: datetime) -> int:
    """Send what is due; what is paid or closed needs none, what is contested waits.

    Locks: the reminders.
    """
    rows = PaymentReminder.objects.select_related("payment").filter(due_at__lte=at)
    batch = claim(rows.order_by("due_at"), BATCH)
    for row in batch:
        payment = row.payment
        falls_at = payment.expires_at - BEFORE
        if payment.status != PaymentStatus.PENDING or payment.payer_id is None:
            row.due_at = None
        elif payment.contested_at is not None:
            # Its time stands still; when it goes on is not known before it is decided.
            row.due_at = at + BEFORE
        elif falls_at > at:
            row.due_at = falls_at
        else:
            _tell(payment, payment.payer_id)
            row.due_at, row.sent_at = None, at
        row.save(update_fields=["due_at", "sent_at"])
    return len(batch)


def _tell(payment: Payment, payer_id: uuid.UUID) -> None:
    send_notice(
        user_id=payer_id,
        text=NOTICE.format(
            subject=payment.description[:SUBJECT_SHOWN],
            amount=format_amount(payment.amount_minor, payment.currency),
            currency=payment.currency,
            payee=payment.payee_name[:SUBJECT_SHOWN],
            by=f"{payment.expires_at:%Y-%m-%d %H:%M}",
        ),
    )
