"""Sums over what a payee has been paid, added up by the database."""

import uuid
from collections.abc import Iterator, Sequence
from datetime import date, datetime

from django.db.models import BigIntegerField, Count, ExpressionWrapper, F, QuerySet, Sum, Value

from wallet.money import BPS_PER_WHOLE
from wallet.payments.models import Payment


def rate_of_unrefunded(
    *, payee_id: uuid.UUID, account_id: uuid.UUID, since: datetime, rate_bps: int
) -> int:
    """What a rate comes to on a payee's payments since a moment, in minor units.

    Each payment's part is rounded half up, as `money.bps` does, and never above the payment;
    one of which anything was refunded is left out (see `part_refunded`).

    Args:
        payee_id: whose.
        account_id: only payments into this account.
        since: paid at or after this moment; timezone-aware.
        rate_bps: basis points.
    """
    half = BPS_PER_WHOLE // 2
    part = ExpressionWrapper(
        (F("amount_minor") * Value(rate_bps) + Value(half)) / Value(BPS_PER_WHOLE),
        output_field=BigIntegerField(),
    )
    rows = _paid(payee_id, account_id, since).filter(refunded_minor=0)
    return int(rows.aggregate(total=Sum(part))["total"] or 0)


def part_refunded(
    *, payee_id: uuid.UUID, account_id: uuid.UUID, since: datetime
) -> Sequence[tuple[int, int]]:
    """What was paid and what of it went back, of payments since a moment refunded in part."""
    rows = _paid(payee_id, account_id, since).filter(
        refunded_minor__gt=0, refunded_minor__lt=F("amount_minor")
    )
    return list(rows.values_list("amount_minor", "refunded_minor"))


def paid_groups(
    *, payee_id: uuid.UUID, account_id: uuid.UUID, since: datetime
) -> Iterator[tuple[str, date | None, int, int, int]]:
    """A payee's payments since a moment, those alike together.

    Yields method, business date, amount and refunded part (minor units), and how many.
    """
    names = ("method", "business_date", "amount_minor", "refunded_minor")
    rows = _paid(payee_id, account_id, since).order_by().values_list(*names)
    yield from rows.annotate(count=Count("id")).iterator(chunk_size=2000)


def _paid(payee_id: uuid.UUID, account_id: uuid.UUID, since: datetime) -> QuerySet[Payment]:
    return Payment.objects.filter(
        payee_id=payee_id, payee_account_id=account_id, paid_at__gte=since
    )
