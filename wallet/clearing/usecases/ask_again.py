"""Ask other units again about transfers that they have not answered."""

from datetime import datetime

from config.kernel import transactions
from config.kernel.claims import claim
from wallet.clearing import queries
from wallet.clearing.models import OutgoingTransfer
from wallet.clearing.usecases.exchange_messages import carry_transfers, fetch_answers
from wallet.clearing.values import ASK_AGAIN_AFTER, OutgoingState

BATCH = 200


def ask_again(*, now: datetime) -> int:
    """Send each overdue transfer again and read what was decided; returns how many were asked.

    This heals what the outbox cannot know of: a database that was away, an answer that its
    sender lost. The rows are put off first, so a unit that is away costs one time-out a run.
    """
    transfers = _put_off(now)
    if transfers:
        carry_transfers(transfers)
        fetch_answers(transfers)
    return len(transfers)


@transactions.atomic_retry
def _put_off(now: datetime) -> list[OutgoingTransfer]:
    batch = claim(queries.unanswered(now), BATCH)
    # Only what is still SENT is put off: an answer may be on its way in.
    OutgoingTransfer.objects.filter(
        id__in=[transfer.id for transfer in batch], state=OutgoingState.SENT
    ).update(due_at=now + ASK_AGAIN_AFTER)
    return batch
