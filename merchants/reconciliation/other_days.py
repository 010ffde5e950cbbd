"""What a day's bill and its batch do not share: listed on one day, settled on another."""

from django.db.models import Q

from merchants.bills.values import Period
from merchants.escrow.models import Escrow
from merchants.onboarding.models import Merchant
from merchants.settlement.models import SettlementBatch, SettlementLine
from merchants.settlement.queries import payments_settled
from merchants.settlement.values import LineKind
from wallet.public import payments_by_id


def moved_between_days(batch: SettlementBatch, day: Period) -> int:
    """The batch's lines that other days' bills list, less this day's in other batches; minor units.

    A bill lists a sale on the day it was paid, a line has it at the moment it may be settled: for
    a sale in escrow these are two. All else is listed at its line's moment.
    """
    inside = Q(occurred_at__gte=day.begins_at, occurred_at__lt=day.ends_at)
    escrows = Escrow.objects.filter(merchant=batch.merchant)
    today = escrows.filter(held_at__gte=day.begins_at, held_at__lt=day.ends_at)
    lines = SettlementLine.objects.filter(
        batch__merchant=batch.merchant, batch__currency=batch.currency
    ).filter(
        Q(batch=batch)
        # No earlier batch has what happens on this day.
        | Q(inside, batch__business_date__gte=batch.business_date)
        | Q(kind=LineKind.PAYMENT, id__in=list(today.values_list("payment_id", flat=True)))
    )
    held_at = dict(escrows.values_list("payment_id", "held_at"))
    moved_minor = 0
    columns = ("batch_id", "kind", "payment_id", "occurred_at", "net_minor")
    for batch_id, kind, payment_id, at, net_minor in lines.values_list(*columns).iterator(
        chunk_size=2000
    ):
        listed_at = held_at.get(payment_id, at) if kind == LineKind.PAYMENT else at
        is_listed, is_settled = day.begins_at <= listed_at < day.ends_at, batch_id == batch.id
        moved_minor += net_minor * (is_settled - is_listed)
    return moved_minor


def waiting_trades(merchant: Merchant) -> set[str]:
    """The numbers of a merchant's trades whose money is in escrow, or went back from there."""
    ids = list(Escrow.objects.filter(merchant=merchant).values_list("payment_id", flat=True))
    settled = payments_settled(ids)
    return {trade.number for trade in payments_by_id([one for one in ids if one not in settled])}
