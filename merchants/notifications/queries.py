"""Questions about notifications."""

import uuid

from django.db.models import Exists, OuterRef, Q, QuerySet, prefetch_related_objects

from config.kernel.cursors import BadCursor
from config.kernel.due_times import Earliest
from config.kernel.errors import NotFound
from config.kernel.outbox import event_log
from merchants.notifications.models import Notification
from merchants.onboarding.models import Merchant

STREAM = "notifications"


class EventNotFound(NotFound):
    """There is no such event, or it is somebody else's."""

    code = "event_not_found"
    message = "There is no such event."


def sendable() -> QuerySet[Notification]:
    """Those that have a time to be sent at and are the next of their subject.

    A resend by hand waits for nobody, and nobody waits for it.
    """
    before = Notification.objects.filter(
        subject_id=OuterRef("subject_id"),
        sequence__lt=OuterRef("sequence"),
        due_at__isnull=False,
        delivered_at__isnull=True,
        by_hand=False,
        overtakable=False,
    )
    waiting = Notification.objects.filter(due_at__isnull=False)
    return waiting.filter(Q(by_hand=True) | ~Exists(before))


# When the next notification is to be sent.
next_due = Earliest(sendable, "due_at")


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
    notification = events_of(owner_id).filter(id=event_id).first()
    if notification is None:
        raise EventNotFound()
    return notification


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
    merchant_number: str | None = None,
    limit: int,
) -> tuple[list[Notification], uuid.UUID | None]:
    """Up to `limit` events in order, and the id to go on after, if any.

    An event that committed late stands after those that were read before it: none is missed.

    Args:
        owner_id: whose merchants.
        after: the last event the caller has.
        merchant_number: one merchant's number; None for all of the owner's.
        limit: how many at most.

    Raises:
        BadCursor: `after` is no event of this owner's.
    """
    rows = events_of(owner_id)
    event_log.number_rows(rows.prefetch_related(None), stream=STREAM)
    position = 0 if after is None else _position(rows, after)
    merchants = Merchant.objects.filter(owner_id=owner_id)
    if merchant_number is not None:
        merchants = merchants.filter(merchant_number=merchant_number)
    events: list[Notification] = []
    # Each shop's next ones by its index; together they would be sorted from the first on.
    for merchant in merchants.values_list("id", flat=True):
        mine = Notification.objects.filter(merchant_id=merchant, position__gt=position)
        events += mine.order_by("position")[: limit + 1]
    events.sort(key=lambda row: row.position or 0)
    page = events[:limit]
    prefetch_related_objects(page, "attempts")
    return page, page[-1].id if len(events) > limit else None


def _position(rows: QuerySet[Notification], event_id: uuid.UUID) -> int:
    position = rows.filter(id=event_id).values_list("position", flat=True).first()
    if position is None:
        raise BadCursor(field="after")
    return position


def is_ours(*, notify_id: str, merchant_number: str) -> bool:
    """Whether we sent this notification to this merchant (the legacy notify_verify)."""
    sent = Notification.objects.filter(notify_id=notify_id).first()
    if sent is None:
        return False
    return Merchant.objects.filter(id=sent.merchant_id, merchant_number=merchant_number).exists()
