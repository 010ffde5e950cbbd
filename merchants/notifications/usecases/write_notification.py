"""Write down what merchants are to be told; the timetable sends it."""

import uuid
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import Max

from config.kernel import clock, ids, transactions
from config.kernel.outbox import event_log
from merchants.notifications import webhook_payload
from merchants.notifications.models import Notification, NotificationState
from merchants.notifications.queries import STREAM
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
    app_number: str
    subject_id: uuid.UUID
    trade_no: str
    out_trade_no: str
    url: str
    charset: str
    sign_type: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A notification to be kept.

    `event_id` is the outbox event, `topic` what happened in our words; `parameters` gives
    what is sent, but for time and signature, for a notify_id.
    """

    event_id: uuid.UUID
    topic: str
    addressee: Addressee
    parameters: Callable[[str], Mapping[str, str]]


def write_notification(
    *,
    event_id: uuid.UUID,
    topic: str,
    addressee: Addressee,
    parameters: Callable[[str], Mapping[str, str]],
) -> Notification:
    """Keep one notification, due now; see `Draft` and `write_notifications`."""
    return write_notifications([Draft(event_id, topic, addressee, parameters)])[0]


def write_notifications(drafts: Sequence[Draft]) -> list[Notification]:
    """Keep notifications, due now. The same event again gives the same notification.

    Those of one subject are numbered in the order of the drafts.
    """
    transactions.require()
    event_ids = [draft.event_id for draft in drafts]
    rows = {row.event_id: row for row in Notification.objects.filter(event_id__in=event_ids)}
    new_rows = {
        draft.event_id: _notification(draft) for draft in drafts if draft.event_id not in rows
    }
    _save(list(new_rows.values()))
    rows |= new_rows
    return [rows[event_id] for event_id in event_ids]


def _notification(draft: Draft) -> Notification:
    now, addressee = clock.now(), draft.addressee
    notify_id = webhook_payload.notify_id(
        beijing_digits="".join(filter(str.isdigit, beijing(now))),
        random_digits=ids.random_digits(RANDOM_DIGITS),
    )
    late = _late(addressee.app_number)
    return Notification(
        event_id=draft.event_id,
        notify_id=notify_id,
        topic=draft.topic,
        merchant_id=addressee.merchant_id,
        app_number=addressee.app_number,
        subject_id=addressee.subject_id,
        trade_no=addressee.trade_no,
        out_trade_no=addressee.out_trade_no,
        url=addressee.url,
        charset=addressee.charset or "utf-8",
        sign_type=addressee.sign_type or "RSA2",
        params=dict(draft.parameters(notify_id)),
        state=NotificationState.PENDING if addressee.url else NotificationState.SILENT,
        occurred_at=now,
        due_at=now + late if addressee.url else None,
        overtakable=bool(late),
    )


def _late(app_number: str) -> timedelta:
    """How long an event waits so that a later one comes first: not at all, outside the lab."""
    late = should_inject(app_number, FaultKind.REORDER_NOTICE)
    return timedelta(seconds=LATE_S if late else 0)


def _save(notifications: Sequence[Notification]) -> None:
    """Give the next numbers in their subjects' sequences; two events at once take turns.

    Locks: the counter of notifications, until the transaction ends.
    """
    if not notifications:
        return
    positions = event_log.next_positions(STREAM, len(notifications))
    for notification, position in zip(notifications, positions, strict=True):
        notification.position = position
    for _ in range(SEQUENCE_TRIES):
        _number(notifications)
        try:
            with transaction.atomic():
                Notification.objects.bulk_create(notifications)
        except IntegrityError:
            continue
        return
    Notification.objects.bulk_create(notifications)


def _number(notifications: Sequence[Notification]) -> None:
    others = Notification.objects.filter(subject_id__in={row.subject_id for row in notifications})
    newest = others.order_by().values_list("subject_id").annotate(Max("sequence"))
    sequences = Counter(dict(newest))
    for notification in notifications:
        sequences[notification.subject_id] += 1
        notification.sequence = sequences[notification.subject_id]
