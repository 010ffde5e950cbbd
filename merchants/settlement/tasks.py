"""Consumers and jobs of settlement: record payments, close days."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from config.kernel import timetable
from config.kernel.due_times import earliest_of
from config.kernel.outbox.consumers import subscribe, subscribe_set
from config.kernel.outbox.models import OutboxEvent
from merchants.escrow.queries import escrow
from merchants.settlement import queries
from merchants.settlement.usecases.open_batch import open_batch, open_batches
from merchants.settlement.usecases.queue_releases import queue_releases
from merchants.settlement.usecases.settle_due import settle_due
from merchants.settlement.values import LineKind
from merchants.splits import queries as splits
from merchants.splits.models import SplitReturn, SplitShare
from wallet.public import PayeeKind, paid_sales, payment


@subscribe_set("payment.paid", name="settlement.open_batch")
def open_for_payments(events: Sequence[OutboxEvent]) -> None:
    """Open the days' batches of merchants who were paid."""
    sales = paid_sales([uuid.UUID(str(event.payload["payment_id"])) for event in events])
    settled = queries.payments_settled([sale.payment_id for sale in sales])
    open_batches(
        (sale.payee_id, sale.currency, sale.paid_at)
        for sale in sales
        if sale.payment_id not in settled
    )


@subscribe("refund.succeeded", name="settlement.open_batch")
def open_for_refund(event: OutboxEvent) -> None:
    """Open the day's batch of a merchant who paid back."""
    if queries.refund_settled(uuid.UUID(str(event.payload["refund_id"]))):
        return
    paid = payment(uuid.UUID(str(event.payload["payment_id"])))
    if paid.payee_kind == PayeeKind.MERCHANT:
        open_batch(merchant_id=paid.payee_id, currency=paid.currency, occurred_at=event.created_at)


@subscribe("escrow.released", name="settlement.open_batch")
def open_for_release(event: OutboxEvent) -> None:
    """Open the day's batch of a merchant whose guaranteed trade was confirmed."""
    row = escrow(uuid.UUID(str(event.payload["payment_id"])))
    if row is None or row.released_at is None or queries.payment_settled(row.payment_id):
        return
    open_batch(merchant_id=row.merchant_id, currency=row.currency, occurred_at=row.released_at)


@subscribe("split.ended", name="settlement.open_batch")
def open_for_split(event: OutboxEvent) -> None:
    """Open the day's batch of a merchant whose trade was split."""
    split_id = uuid.UUID(str(event.payload["split_id"]))
    for share in SplitShare.objects.filter(split_id=split_id, moved_at__isnull=False):
        if share.moved_at and not queries.split_settled(LineKind.SPLIT, share.id):
            open_batch(
                merchant_id=share.merchant_id, currency=share.currency, occurred_at=share.moved_at
            )


@subscribe("split.returned", name="settlement.open_batch")
def open_for_return(event: OutboxEvent) -> None:
    """Open the day's batch of a merchant to whom a share came back."""
    back = SplitReturn.objects.get(id=uuid.UUID(str(event.payload["return_id"])))
    if not queries.split_settled(LineKind.SPLIT_BACK, back.id):
        open_batch(
            merchant_id=back.merchant_id, currency=back.currency, occurred_at=back.created_at
        )


_next_release = earliest_of(splits.next_release, queries.next_reserve)


@timetable.job(
    "settlement.queue_releases",
    tells="the settlement shows what was kept back",
    next_due=_next_release,
)
def release(now: datetime) -> int:
    """Make sure that what was kept back for splits or in reserve goes out."""
    return queue_releases(now=now)


@timetable.job(
    "settlement.cut_off",
    tells=("merchant_debt.collected",),
    next_due=queries.next_cut_off,
    limit_s=timetable.NIGHT_LIMIT_S,
)
def cut_off(now: datetime) -> int:
    """Settle the days that are over."""
    return settle_due(now=now)
