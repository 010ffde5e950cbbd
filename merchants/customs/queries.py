"""Reading customs declarations."""

import uuid
from collections.abc import Collection
from datetime import datetime

from django.db.models import Count, QuerySet, Sum

from config.kernel.due_times import Earliest
from merchants.customs.models import CustomsDeclaration


def by_request_no(merchant_id: uuid.UUID, request_no: str) -> CustomsDeclaration | None:
    """A merchant's declaration by its own number."""
    rows = CustomsDeclaration.objects.filter(merchant_id=merchant_id)
    return rows.filter(request_no=request_no).first()


def by_request_nos(
    merchant_id: uuid.UUID, request_nos: Collection[str]
) -> QuerySet[CustomsDeclaration]:
    """A merchant's declarations by its own numbers, oldest first."""
    rows = CustomsDeclaration.objects.filter(merchant_id=merchant_id, request_no__in=request_nos)
    return rows.order_by("created_at", "id")


def declared(payment_id: uuid.UUID) -> tuple[int, int]:
    """How many declarations of a payment stand, and what they come to in minor units."""
    rows = CustomsDeclaration.objects.filter(payment_id=payment_id).exclude(state="REFUSED")
    sums = rows.order_by().aggregate(count=Count("id"), total=Sum("amount_minor"))
    return int(sums["count"]), int(sums["total"] or 0)


# When an office answers next.
next_answer = Earliest(CustomsDeclaration.objects.all, "due_at")


def waiting_answers(now: datetime) -> QuerySet[CustomsDeclaration]:
    """Declarations that an office answers by `now`, in order."""
    return CustomsDeclaration.objects.filter(due_at__lte=now).order_by("due_at", "id")
