"""End offers that nobody has signed in time, and agreements whose term is over."""

from datetime import datetime

from config.kernel import transactions
from config.kernel.claims import claim
from wallet.agreements import queries
from wallet.agreements.usecases.unsign_agreement import end_agreement
from wallet.agreements.values import AgreementStatus, Party

BATCH = 200


def lapse_agreements(*, at: datetime) -> int:
    """End everything that ran out by `at`; returns how many.

    Safe beside other workers and safe twice: each batch claims its rows.
    """
    ended = 0
    while batch := _lapse_batch(at):
        ended += batch
    return ended


@transactions.atomic_retry
def _lapse_batch(at: datetime) -> int:
    due = claim(queries.due_to_lapse(at), BATCH)
    for agreement in due:
        end_agreement(agreement, AgreementStatus.EXPIRED, by=Party.PLATFORM, actor="system", at=at)
    return len(due)
