"""Write down what a merchant is to be told; the timetable sends it."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import Max

from config.kernel import clock, ids, transactions
from merchants.notifications import webhook_payload
from merchants.notifications.models import Notification, NotificationState
from merchants.protocol.formats import beijing
from merchants.workbench.usecases.sample_faults import should_inject
from merchants.workbench.values import LATE_S, FaultKind

RANDOM_DIGITS = 15
SEQUENCE_TRIES = 5


@dataclass(frozen=True, slots=True)
class Addressee:
    """Who is told, where and how.

    An empty `url` makes the event a silent one: it is on the catch-up list and sent to
    nobody. `subject_id` is what the event is about; `trade_no` and `out_trade_no` are the
    gateway's and the merchant's number of it.
    """

    merchant_id: uuid.UUID
    app_id: str
    subject_id: uuid.UUID
    trade_no: str
    out_trade_no: str
    url: str
    charset: str
    sign_type: str


def write_notification(
    *,
    event_id: uuid.UUID,
    topic: str,
    addressee: Addressee,
    parameters: Callable[[str], Mapping[str, str]],
) -> Notification:
    """Keep one notification, due now. The same event again gives the same notification.

    Args:
        event_id: the outbox event.
        topic: what happened, in our words.
        addressee: who is told.
        parameters: gives what is sent, but for time and signature, for a notify_id.
    """
    transactions.require()
    earlier = Notification.objects.filter(event_id=event_id).first()
    if earlier is not None:
        return earlier
    now = clock.now()
    notify_id = webhook_payload.notify_id(
        beijing_digits="".join(filter(str.isdigit, beijing(now))),
        random_digits=ids.random_digits(RANDOM_DIGITS),
    )
    late = _late(addressee.app_id)
    notification = Notification(
        event_id=event_id,
        notify_id=notify_id,
        topic=topic,
        merchant_id=addressee.merchant_id,
        app_id=addressee.app_id,
        subject_id=addressee.subject_id,
        trade_no=addressee.trade_no,
        out_trade_no=addressee.out_trade_no,
        url=addressee.url,
        charset=addressee.charset or "utf-8",
        sign_type=addressee.sign_type or "RSA2",
        params=dict(parameters(notify_id)),
        state=NotificationState.PENDING if addressee.url else NotificationState.SILENT,
        occurred_at=now,
        due_at=now + late if addressee.url else None,
        overtakable=bool(late),
    )
    _save(notification)
    return notification


def _late(app_id: str) -> timedelta:
    """How long an event waits so that a later one comes first: not at all, outside the lab."""
    late = should_inject(app_id, FaultKind.REORDER_NOTICE)
    return timedelta(seconds=LATE_S if late else 0)


def _save(notification: Notification) -> None:
    """Give the next number in the subject's sequence; two events at once take turns."""
    for _ in range(SEQUENCE_TRIES):
        others = Notification.objects.filter(subject_id=notification.subject_id)
        last: int | None = others.aggregate(last=Max("sequence"))["last"]
        notification.sequence = (last or 0) + 1
        try:
            with transaction.atomic():
                notification.save(force_insert=True)
        except IntegrityError:
            continue
        return
    notification.save(force_insert=True)
