"""Reading settlement: what is due, batches and statements."""

import uuid
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q, QuerySet, Sum, TextField
from django.db.models.functions import Cast

from config.kernel.due_times import Earliest
from config.kernel.errors import NotFound
from config.kernel.local_times import utc_column
from merchants.settlement.accounts import own_accounts
from merchants.settlement.models import ReserveHold, SettlementBatch, SettlementLine
from merchants.settlement.values import UNCALCULATED, BillLine, KindSums, LineKind
from wallet.money import format_amount
from wallet.public import account_id, credited_by

REVENUE = "revenue:mdr"
AT_ONCE = 2000


class BatchNotFound(NotFound):
    """There is no such batch, or it is somebody else's."""

    code = "settlement_not_found"
    message = "There is no such settlement."


# The earliest cut-off of a merchant's day that has money in it and is not calculated.
next_cut_off = Earliest(lambda: SettlementBatch.objects.filter(state__in=UNCALCULATED), "closes_at")


def due_batch_ids(now: datetime) -> list[uuid.UUID]:
    """Batches whose cut-off has come, each merchant's in the order of their days."""
    due = SettlementBatch.objects.filter(state__in=UNCALCULATED, closes_at__lte=now)
    return list(due.order_by("closes_at", "merchant_id").values_list("id", flat=True))


def uncalculated_before(batch: SettlementBatch) -> QuerySet[SettlementBatch]:
    """Earlier days of the batch's merchant that have still to be calculated, in order."""
    return SettlementBatch.objects.filter(
        merchant_id=batch.merchant_id,
        currency=batch.currency,
        business_date__lt=batch.business_date,
        state__in=UNCALCULATED,
    ).order_by("business_date")


def calculated_before(batch: SettlementBatch) -> SettlementBatch | None:
    """The latest batch of the same merchant and currency that is calculated already."""
    return (
        SettlementBatch.objects.filter(merchant_id=batch.merchant_id, currency=batch.currency)
        .exclude(state__in=UNCALCULATED)
        .order_by("-business_date")
        .first()
    )


def payment_settled(payment_id: uuid.UUID) -> bool:
    """Whether a payment is on a line already: an operator was faster than the news."""
    return SettlementLine.objects.filter(kind=LineKind.PAYMENT, id=payment_id).exists()


def payments_settled(ids: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Those of some payments that are on a line already."""
    rows = SettlementLine.objects.filter(kind=LineKind.PAYMENT, id__in=ids)
    return set(rows.values_list("id", flat=True))


def refund_settled(refund_id: uuid.UUID) -> bool:
    """Whether a refund is on a line already."""
    return SettlementLine.objects.filter(kind=LineKind.REFUND, refund_id=refund_id).exists()


def split_settled(kind: LineKind, split_id: uuid.UUID) -> bool:
    """Whether a share, or its return, is on a line already."""
    return SettlementLine.objects.filter(kind=kind, split_id=split_id).exists()


def batches_of(owner_id: uuid.UUID) -> QuerySet[SettlementBatch]:
    """Batches of all merchants that a wallet user owns, newest day first."""
    rows = SettlementBatch.objects.filter(merchant__owner_id=owner_id)
    return rows.select_related("merchant").prefetch_related("payouts")


def batch_of(batch_id: uuid.UUID, *, owner_id: uuid.UUID) -> SettlementBatch:
    """One batch of the owner's.

    Raises:
        BatchNotFound: there is none, or another wallet user's merchant has it.
    """
    row = batches_of(owner_id).filter(id=batch_id).first()
    if row is None:
        raise BatchNotFound()
    return row


def batch(batch_id: uuid.UUID) -> SettlementBatch:
    """One batch, for those who may see all.

    Raises:
        BatchNotFound: there is none.
    """
    row = SettlementBatch.objects.select_related("merchant").filter(id=batch_id).first()
    if row is None:
        raise BatchNotFound()
    return row


def bill_lines(batches: Iterable[SettlementBatch]) -> Iterator[BillLine]:
    """The lines of some batches as the bill shows them, in the order of the day."""
    rows = SettlementLine.objects.filter(batch__in=[entry.id for entry in batches])
    columns = rows.order_by("occurred_at", "id").values_list(
        Cast("batch_id", TextField()),
        "kind",
        utc_column("occurred_at"),
        *BillLine._fields[3:-2],
        Cast("fee_rule_id", TextField()),
        "fee_rule__version",
    )
    return map(BillLine._make, columns.iterator(chunk_size=AT_ONCE))


def line_sums(batch: SettlementBatch) -> dict[LineKind, KindSums]:
    """What a batch's lines come to, by kind."""
    rows = SettlementLine.objects.filter(batch=batch).order_by().values_list("kind")
    sums = rows.annotate(Count("id"), Sum("amount_minor"), Sum("fee_minor"), Sum("pending_minor"))
    return {LineKind(kind): KindSums(*rest) for kind, *rest in sums}


def payment_ids_of(batch: SettlementBatch) -> Iterator[uuid.UUID]:
    """The payments on a batch's lines, in the order of the day."""
    rows = SettlementLine.objects.filter(batch=batch, kind=LineKind.PAYMENT)
    ids = rows.order_by("occurred_at", "id").values_list("payment_id", flat=True)
    return ids.iterator(chunk_size=AT_ONCE)


def lines_about(payment_id: uuid.UUID) -> QuerySet[SettlementLine]:
    """The lines of a payment, its refunds and its splits, in the order of time."""
    after = Q(payment_id=payment_id) & ~Q(kind=LineKind.PAYMENT)
    return SettlementLine.objects.filter(Q(id=payment_id, kind=LineKind.PAYMENT) | after)


def batches_on(business_date: date) -> QuerySet[SettlementBatch]:
    """All merchants' batches of a day, by merchant."""
    rows = SettlementBatch.objects.filter(business_date=business_date)
    return rows.select_related("merchant").order_by("merchant__merchant_number", "currency")


# When the next sum in a rolling reserve has been there long enough.
next_reserve = Earliest(
    lambda: ReserveHold.objects.filter(released_with__isnull=True, queued_at__isnull=True), "due_at"
)


def reserves_due(now: datetime) -> QuerySet[ReserveHold]:
    """Reserved sums whose time is over by `now` and whose settlement nobody has made sure of."""
    return ReserveHold.objects.filter(
        due_at__lte=now, released_with__isnull=True, queued_at__isnull=True
    )


def state_facts(batch_id: uuid.UUID) -> dict[str, object]:
    """What the decision to release a batch rests on.

    Raises:
        BatchNotFound: there is none.
    """
    row = batch(batch_id)
    return {
        "merchant number": row.merchant.merchant_number,
        "merchant": row.merchant.state,
        "day": row.business_date.isoformat(),
        "batch": row.state,
        "payable": f"{format_amount(row.payable_minor, row.currency)} {row.currency}",
        "payout bank": row.merchant.payout_bank,
        "payout account": row.merchant.payout_account,
        "payout holder": row.merchant.payout_holder,
    }


@dataclass(frozen=True, slots=True)
class Booked:
    """What the ledger says of some batches, in minor units."""

    net_minor: int
    fee_minor: int


def booked(batches: Iterable[SettlementBatch]) -> Booked:
    """Add up from the ledger's own entries what some batches came to.

    The journals of every payment and refund are read for what they did to the merchants'
    accounts (a refund may be paid out of any of them), those of the batches for what became
    fee revenue. A statement's totals must equal it to the last unit.
    """
    moved_minor = fee_minor = 0
    for entry in batches:
        own = [account for account, _ in own_accounts(entry.merchant)]
        journal_ids = list(entry.lines.values_list("journal_id", flat=True))
        changes = credited_by(journal_ids, own)
        moved_minor += sum(changes.get(journal_id, 0) for journal_id in journal_ids)
        if entry.journal_id is not None:
            revenue = credited_by([entry.journal_id], [account_id(REVENUE)])
            fee_minor += revenue.get(entry.journal_id, 0)
    return Booked(net_minor=moved_minor - fee_minor, fee_minor=fee_minor)
