"""Send the lines of batches of transfers, and stop what is not sent yet."""

import uuid
from datetime import datetime

from config.kernel import clock, transactions
from config.kernel.errors import SaomaError
from config.kernel.outbox.writes import add as add_event
from merchants.funds import queries, rules
from merchants.funds.models import BatchLine, MerchantTransfer, TransferBatch
from merchants.funds.usecases.send_transfer import send_transfer
from merchants.funds.values import (
    BatchState,
    LineState,
    Order,
    Payee,
    PayeeNamedBy,
    TransferKind,
)

# So many lines of one batch at a turn, so that a long batch stops no other.
AT_ONCE = 50


def send_due(*, now: datetime) -> int:
    """Send lines of every batch that is due; returns how many."""
    return sum(send_lines(batch_id=batch_id) for batch_id in queries.batches_due(now))


def send_lines(*, batch_id: uuid.UUID) -> int:
    """Send the next lines of a batch, each by itself; returns how many.

    A line that is refused leaves the others alone. Killed between a transfer and its line,
    the next turn finds the transfer by the line's number and sends nothing twice.
    """
    lines = list(queries.waiting_lines(batch_id)[:AT_ONCE])
    for line in lines:
        try:
            transfer, _ = send_transfer(merchant_id=line.batch.merchant_id, order=_order(line))
        except SaomaError as refusal:
            _mark(line, LineState.FAILED, reason=refusal.code)
        else:
            _mark(line, LineState.SENT, transfer=transfer)
    end_batch(batch_id=batch_id)
    return len(lines)


@transactions.atomic_retry
def end_batch(*, batch_id: uuid.UUID) -> None:
    """End a batch that has no waiting line; again changes nothing.

    Locks: the batch.
    """
    row = TransferBatch.objects.select_for_update().get(id=batch_id)
    if row.state != BatchState.SENDING or queries.waiting_lines(batch_id).exists():
        return
    row.state, row.due_at, row.finished_at = BatchState.DONE, None, clock.now()
    row.save(update_fields=["state", "due_at", "finished_at"])
    add_event(
        topic="merchant_batch.ended",
        aggregate_id=row.id,
        payload={"batch_id": str(row.id), "total_minor": row.total_minor},
    )


@transactions.atomic_retry
def close_batch(*, merchant_id: uuid.UUID, reference: str, number: str) -> TransferBatch:
    """Stop a batch: lines that are not sent never will be. A closed one stays closed.

    Raises:
        BatchUnknown: the merchant has no such batch.
        BatchEnded: every line is dealt with.

    Locks: the batch.
    """
    batch_id = queries.batch(merchant_id=merchant_id, reference=reference, number=number).id
    row = TransferBatch.objects.select_for_update().get(id=batch_id)
    if row.state == BatchState.CLOSED:
        return row
    if row.state == BatchState.DONE:
        raise rules.BatchEnded()
    queries.waiting_lines(batch_id).select_related(None).update(state=LineState.CLOSED)
    row.state, row.due_at, row.finished_at = BatchState.CLOSED, None, clock.now()
    row.save(update_fields=["state", "due_at", "finished_at"])
    return row


def _mark(
    line: BatchLine,
    state: LineState,
    *,
    transfer: MerchantTransfer | None = None,
    reason: str = "",
) -> None:
    # Only a line that still waits, or that was closed while its money was under way.
    rows = BatchLine.objects.filter(id=line.id, state__in=(LineState.WAITING, LineState.CLOSED))
    rows.update(state=state, transfer=transfer, reason=reason)


def _order(line: BatchLine) -> Order:
    return Order(
        reference=line.reference,
        kind=TransferKind(line.kind),
        payee=Payee(PayeeNamedBy(line.named_by), line.identity, line.name, line.bank),
        amount_minor=line.amount_minor,
        title=line.title or line.batch.title,
        remark=line.remark,
        app_number=line.batch.app_number,
        product=line.batch.product,
        scene=line.batch.scene,
        origin=line.batch.origin,
    )
