"""Questions about notifications."""

import uuid
from datetime import datetime

from django.db.models import QuerySet

from merchants.gateway.models import Notification
from merchants.onboarding.models import Merchant


def next_due() -> datetime | None:
    """When the next notification is to be sent."""
    return (
        Notification.objects.filter(due_at__isnull=False)
        .order_by("due_at")
        .values_list("due_at", flat=True)
        .first()
    )


def events_of(owner_id: uuid.UUID) -> QuerySet[Notification]:
    """Events of all merchants that a wallet user owns, oldest first."""
    numbers = Merchant.objects.filter(owner_id=owner_id).values("id")
    return Notification.objects.filter(merchant_id__in=numbers).order_by("id")


def notifications_of_payment(payment_id: uuid.UUID) -> QuerySet[Notification]:
    """Notifications of one payment with their attempts, in order."""
    rows = Notification.objects.filter(payment_id=payment_id).order_by("sequence")
    return rows.prefetch_related("attempts")


def is_ours(*, notify_id: str, merchant_id: str) -> bool:
    """Whether we sent this notification to this merchant (the legacy notify_verify)."""
    sent = Notification.objects.filter(notify_id=notify_id).first()
    if sent is None:
        return False
    return Merchant.objects.filter(id=sent.merchant_id, merchant_id=merchant_id).exists()
