"""Reading guaranteed trades."""

import uuid
from collections.abc import Collection
from datetime import datetime

from django.db.models import QuerySet

from config.kernel.due_times import Earliest
from merchants.escrow.models import Escrow
from merchants.onboarding import queries as onboarding
from wallet import public as wallet


def escrow(payment_id: uuid.UUID) -> Escrow | None:
    """The escrow of a payment, if it is a guaranteed trade that was paid."""
    return Escrow.objects.filter(payment_id=payment_id).first()


def released(payment_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, datetime]:
    """When the money of some payments was released; those that wait are left out."""
    rows = Escrow.objects.filter(payment_id__in=payment_ids, released_at__isnull=False)
    return {row.payment_id: row.released_at for row in rows if row.released_at}


def released_between(
    merchant_id: uuid.UUID, *, after: datetime, until: datetime
) -> QuerySet[Escrow]:
    """A merchant's escrows released in [after, until), in order."""
    rows = Escrow.objects.filter(
        merchant_id=merchant_id, released_at__gte=after, released_at__lt=until
    )
    return rows.order_by("released_at", "id")


# When the next money is released by itself.
next_due = Earliest(Escrow.objects.all, "due_at")


def guaranteed_among(ids: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Those of some payments whose money waits elsewhere than with the merchant's other sales."""
    sales = wallet.paid_sales(ids)
    merchants = onboarding.merchants_by_id({sale.payee_id for sale in sales})
    return {
        sale.payment_id
        for sale in sales
        if sale.payee_account_id != merchants[sale.payee_id].pending_account_id
    }


def due_payments(now: datetime) -> list[uuid.UUID]:
    """The payments whose money is released by `now`, in order."""
    waiting = Escrow.objects.filter(due_at__lte=now).order_by("due_at", "id")
    return list(waiting.values_list("payment_id", flat=True))
