"""Send a notification again by hand."""

import uuid

from config.kernel import clock, transactions
from config.kernel.audit.chain import record
from config.kernel.errors import Conflict
from merchants.notifications import queries
from merchants.notifications.models import Notification, NotificationState


class EventHasNoAddress(Conflict):
    """The event was never to be sent: neither the request nor the app names an address."""

    code = "event_has_no_address"
    message = "This event has no address to be sent to."


@transactions.atomic_retry
def resend_notification(*, notification_id: uuid.UUID, actor: str) -> Notification:
    """Let a notification be sent once more, now, beside its ladder.

    The notify_id stays, so that a merchant which has it already knows it again. Asking
    again while the resend waits changes nothing; one that is due anyway is simply due.

    Raises:
        queries.EventNotFound: there is no such notification.
        EventHasNoAddress: it has nowhere to go.

    Locks: the notification.
    """
    rows = Notification.objects.select_for_update().filter(id=notification_id)
    notification = rows.first()
    if notification is None:
        raise queries.EventNotFound()
    if notification.state == NotificationState.SILENT:
        raise EventHasNoAddress()
    now = clock.now()
    if notification.by_hand or (notification.due_at is not None and notification.due_at <= now):
        return notification
    if notification.attempts.filter(finished_at__isnull=True).exists():
        # It is being sent at this moment.
        return notification
    notification.by_hand = True
    notification.due_at = now
    notification.save(update_fields=["by_hand", "due_at"])
    record(
        action="notification.resent",
        actor=actor,
        target=f"notification:{notification.id}",
        purpose="resend asked for",
        after={"notify_id": notification.notify_id, "url": notification.url},
    )
    return notification
