"""Questions about notifications."""

import uuid
from datetime import datetime

from django.db.models import Q, QuerySet

from config.kernel.errors import NotFound
from merchants.gateway.models import Notification
from merchants.onboarding.models import Merchant


class EventNotFound(NotFound):
    """There is no such event, or it is somebody else's."""

    code = "event_not_found"
    message = "There is no such event."


def next_due() -> datetime | None:
    """When the next notification is to be sent."""
    return (
        Notification.objects.filter(due_at__isnull=False)
        .order_by("due_at")
        .values_list("due_at", flat=True)
        .first()
    )


def events_of(owner_id: uuid.UUID) -> QuerySet[Notification]:
    """Events of all merchants that a wallet user owns, oldest first, with their attempts."""
    numbers = Merchant.objects.filter(owner_id=owner_id).values("id")
    rows = Notification.objects.filter(merchant_id__in=numbers).order_by("id")
    return rows.prefetch_related("attempts")


def event(event_id: uuid.UUID, *, owner_id: uuid.UUID) -> Notification:
    """One event of the owner's merchants.

    Raises:
        EventNotFound: there is none, or it is somebody else's.
    """
    found = events_of(owner_id).filter(id=event_id).first()
    if found is None:
        raise EventNotFound()
    return found


def search_events(events: QuerySet[Notification], *, text: str) -> QuerySet[Notification]:
    """Those of the events that have a text in their numbers; all of them for none."""
    if not text:
        return events
    return events.filter(
        Q(out_trade_no__icontains=text) | Q(trade_no__icontains=text) | Q(notify_id=text)
    )


def event_page(
    owner_id: uuid.UUID,
    *,
    after: uuid.UUID | None = None,
    merchant_id: str | None = None,
    limit: int,
) -> tuple[list[Notification], uuid.UUID | None]:
    """Up to `limit` events in order of their ids, and the id to go on after, if any.

    Args:
        owner_id: whose merchants.
        after: the last event the caller has.
        merchant_id: one merchant's number; None for all of the owner's.
        limit: how many at most.
    """
    rows = events_of(owner_id)
    if merchant_id is not None:
        rows = rows.filter(
            merchant_id__in=Merchant.objects.filter(merchant_id=merchant_id).values("id")
        )
    if after is not None:
        rows = rows.filter(id__gt=after)
    found = list(rows[: limit + 1])
    page = found[:limit]
    return page, page[-1].id if len(found) > limit else None


def notifications_of(subject_id: uuid.UUID) -> QuerySet[Notification]:
    """Notifications about one payment, authorisation or agreement with their attempts, in order."""
    rows = Notification.objects.filter(subject_id=subject_id).order_by("sequence")
    return rows.prefetch_related("attempts")


def is_ours(*, notify_id: str, merchant_id: str) -> bool:
    """Whether we sent this notification to this merchant (the legacy notify_verify)."""
    sent = Notification.objects.filter(notify_id=notify_id).first()
    if sent is None:
        return False
    return Merchant.objects.filter(id=sent.merchant_id, merchant_id=merchant_id).exists()
