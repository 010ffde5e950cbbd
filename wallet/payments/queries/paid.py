"""Paid payments as settlement reads them: a day's thousands, and of each no more than it needs."""

import uuid
from collections.abc import Iterator
from datetime import date, datetime
from typing import NamedTuple

from wallet.payments.models import Payment

AT_ONCE = 2000


class PaidPayment(NamedTuple):
    """One paid payment; `amount_minor` is in minor units of `currency`, before any refund."""

    id: uuid.UUID
    number: str
    reference: str
    method: str
    amount_minor: int
    currency: str
    payee_account_id: uuid.UUID
    paid_at: datetime | None
    business_date: date | None
    journal_id: uuid.UUID | None


def paid_between(*, payee_id: uuid.UUID, after: datetime, until: datetime) -> Iterator[PaidPayment]:
    """A payee's payments paid in [after, until), in order of payment; refunded ones included."""
    paid = Payment.objects.filter(payee_id=payee_id, paid_at__gte=after, paid_at__lt=until)
    rows = paid.order_by("paid_at", "id").values_list(*PaidPayment._fields)
    return map(PaidPayment._make, rows.iterator(chunk_size=AT_ONCE))
