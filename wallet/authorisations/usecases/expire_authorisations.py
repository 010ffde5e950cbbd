"""Let authorisations lapse whose time is over."""

from datetime import datetime

from config.kernel import transactions
from config.kernel.claims import claim, in_batches
from wallet.authorisations import queries, rules
from wallet.authorisations.usecases.end_authorisation import close_waiting
from wallet.authorisations.usecases.release_funds import release
from wallet.authorisations.values import EndReason, Split

BATCH = 100


def expire_waiting(*, at: datetime) -> int:
    """Close every freeze whose payer did not agree by `at`; returns how many.

    Safe beside other workers and safe twice: each batch claims its rows.
    """
    return in_batches(_waiting_batch, at)


def expire_authorisations(*, at: datetime) -> int:
    """Give back what is left of every authorisation that ran out by `at`; returns how many.

    Safe beside other workers and safe twice: each batch claims its rows.
    """
    return in_batches(_expiry_batch, at)


@transactions.atomic_retry
def _waiting_batch(at: datetime) -> int:
    due = claim(queries.due_waiting(at), BATCH)
    for row in due:
        operation = queries.waiting_hold(row)
        if operation is not None:
            close_waiting(row, operation, reason=EndReason.EXPIRED, at=at)
    return len(due)


@transactions.atomic_retry
def _expiry_batch(at: datetime) -> int:
    due = claim(queries.due_for_expiry(at), BATCH)
    for row in due:
        release(
            row,
            split=Split(row.held_minor, row.waived_minor),
            request_no=rules.EXPIRY,
            reason=EndReason.EXPIRED,
            at=at,
        )
    return len(due)
