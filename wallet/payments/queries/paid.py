"""Paid payments as settlement reads them: as a set, however many thousands a day has."""

import uuid
from datetime import datetime

from django.db.models import QuerySet

from wallet.payments.models import Payment


def paid_into(
    *, payee_id: uuid.UUID, account_id: uuid.UUID, currency: str, after: datetime, until: datetime
) -> QuerySet[Payment]:
    """A payee's payments into one account, paid in [after, until); refunded ones included.

    In no order. `amount_minor` is in minor units of the currency, before any refund.
    """
    rows = paid_to(payee_id=payee_id, after=after, until=until)
    return rows.filter(payee_account_id=account_id, currency=currency).order_by()


def paid_to(*, payee_id: uuid.UUID, after: datetime, until: datetime) -> QuerySet[Payment]:
    """All payments to a payee, paid in [after, until), in order of payment."""
    rows = Payment.objects.filter(payee_id=payee_id, paid_at__gte=after, paid_at__lt=until)
    return rows.order_by("paid_at", "id")
