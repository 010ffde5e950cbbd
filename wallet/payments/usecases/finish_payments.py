"""Finish paid payments once the time for refunds is over."""

from datetime import datetime

from config.kernel import transactions
from config.kernel.claims import claim
from config.kernel.outbox import writes as outbox
from wallet.payments import queries, rules
from wallet.payments.values import PaymentStatus

BATCH = 200


def finish_payments(*, at: datetime) -> int:
    """Finish every paid payment whose refund window ended by `at`; returns how many.

    Safe beside other workers and safe twice: each batch claims its rows.
    """
    finished = 0
    while batch := _finish_batch(at):
        finished += batch
    return finished


@transactions.atomic_retry
def _finish_batch(at: datetime) -> int:
    due = claim(queries.due_to_finish(at), BATCH)
    for payment in due:
        rules.check_move(PaymentStatus(payment.status), PaymentStatus.FINISHED)
        payment.status = PaymentStatus.FINISHED
        payment.save(update_fields=["status"])
        outbox.add(
            topic="payment.finished",
            aggregate_id=payment.id,
            payload={
                "payment_id": str(payment.id),
                "payee_id": str(payment.payee_id),
                "amount_minor": payment.amount_minor,
                "currency": payment.currency,
            },
        )
    return len(due)
