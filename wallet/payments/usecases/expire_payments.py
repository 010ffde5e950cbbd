"""Close unpaid payments whose time is over."""

from datetime import datetime

from config.kernel import transactions
from config.kernel.claims import claim
from wallet.payments import queries
from wallet.payments.usecases.close_payment import mark_closed
from wallet.payments.values import CloseReason

BATCH = 200


def expire_payments(*, at: datetime) -> int:
    """Close every unpaid payment that ran out by `at`; returns how many.

    Safe beside other workers and safe twice: each batch claims its rows.
    """
    closed = 0
    while batch := _expire_batch(at):
        closed += batch
    return closed


@transactions.atomic_retry
def _expire_batch(at: datetime) -> int:
    due = claim(queries.due_for_expiry(at), BATCH)
    for payment in due:
        mark_closed(payment, reason=CloseReason.EXPIRED, at=at)
    return len(due)
