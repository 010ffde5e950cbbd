"""Record how far the payout of a batch has come."""

import uuid

from config.kernel import clock, transactions
from merchants.settlement import rules
from merchants.settlement.models import SettlementBatch
from merchants.settlement.usecases.lock_batch import lock_batch
from merchants.settlement.values import BatchState


@transactions.atomic_retry
def mark_batch(
    *, batch_id: uuid.UUID, state: BatchState, netted_minor: int | None = None
) -> SettlementBatch:
    """Move a batch along with its payout. Marking it again returns it unchanged.

    Args:
        batch_id: the batch.
        state: where its payout stands.
        netted_minor: what of it is not paid out, because it was taken meanwhile; None: as it was.

    Raises:
        BatchNotFound: there is no such batch.
        rules.BatchStateForbids: the table of transitions does not lead there.

    Locks: the merchant, then the batch.
    """
    batch = lock_batch(batch_id)
    if batch.state == state:
        return batch
    batch.state = rules.check_transition(batch.state, state)
    batch.finished_at = clock.now() if state is BatchState.PAID else None
    if netted_minor is not None:
        batch.netted_minor = netted_minor
    batch.save(update_fields=["state", "finished_at", "netted_minor"])
    return batch
