"""Send the notifications that are due, each by one worker."""

import time
import uuid
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings

from config.kernel import clock, transactions
from config.kernel.claims import claim
from merchants.notifications import queries, webhook_client, webhook_payload
from merchants.notifications.models import Notification, NotificationAttempt, NotificationState
from merchants.notifications.signed_form import signed_form
from merchants.notifications.webhook_payload import Delivery, Failure
from merchants.onboarding.queries import gateway_signer
from merchants.onboarding.values import GatewaySigner
from merchants.protocol.formats import beijing
from merchants.workbench.usecases.sample_faults import should_inject
from merchants.workbench.values import FaultKind

BATCH = 32
LOOKED_AT = 128
# A merchant that hangs holds this many of a batch's sends and no more.
ONE_HOST = 8
LEASE = timedelta(seconds=60)
BUDGET_S = 15.0


@dataclass(frozen=True, slots=True)
class _Envelope:
    """One send, prepared: where to, what, and the attempt it is."""

    attempt_id: uuid.UUID
    url: str
    body: bytes
    charset: str


def send_due_notifications(*, now: datetime) -> int:
    """Send what is due by `now`, in batches, until nothing is due or the time is up.

    Each batch is claimed in one transaction, sent with no transaction open, and its
    outcomes written in another. An attempt that is under way is a row: a second worker
    passes it over, and if the first one dies the notification falls due again after a
    minute and the attempt is kept as lost. Returns how many sends were made.

    Locks: the notifications of a batch, skipping those another worker holds.
    """
    sent = 0
    started = time.monotonic()
    with ThreadPoolExecutor(max_workers=BATCH, thread_name_prefix="notify") as threads:
        while time.monotonic() - started < BUDGET_S:
            envelopes = _claim(now)
            if not envelopes:
                break
            for envelope, delivery in zip(envelopes, threads.map(_send, envelopes), strict=True):
                _record(envelope.attempt_id, delivery)
            sent += len(envelopes)
    return sent


@transactions.atomic_retry
def _claim(now: datetime) -> list[_Envelope]:
    """Take some due notifications: each gets its attempt and a lease."""
    due = queries.sendable().filter(due_at__lte=now).order_by("due_at", "id")
    chosen = _few_per_host(claim(due, LOOKED_AT))
    if not chosen:
        return []
    signer = gateway_signer()
    return [_begin(notification, signer) for notification in chosen]


def _few_per_host(notifications: Iterable[Notification]) -> list[Notification]:
    count_by_host: Counter[str] = Counter()
    chosen: list[Notification] = []
    for notification in notifications:
        host = urlsplit(notification.url).netloc
        if count_by_host[host] < ONE_HOST and len(chosen) < BATCH:
            count_by_host[host] += 1
            chosen.append(notification)
    return chosen


def _begin(notification: Notification, signer: GatewaySigner) -> _Envelope:
    """Write the attempt before it is made, so that it can neither be made twice nor lost."""
    now = clock.now()
    lost = notification.attempts.filter(finished_at__isnull=True)
    lost.update(finished_at=now, failure=Failure.LOST)
    attempt = NotificationAttempt.objects.create(
        notification=notification,
        number=notification.attempts.count() + 1,
        by_hand=notification.by_hand,
        planned_at=notification.due_at or now,
        started_at=now,
    )
    if not notification.by_hand:
        notification.sends += 1
    notification.due_at = now + LEASE
    notification.save(update_fields=["sends", "due_at"])
    return _Envelope(
        attempt_id=attempt.id,
        url=notification.url,
        body=signed_form(notification, signer, beijing(now)),
        charset=notification.charset,
    )


def _send(envelope: _Envelope) -> Delivery:
    """Runs in a thread and touches no database."""
    return webhook_client.post_form(
        envelope.url,
        envelope.body,
        charset=envelope.charset,
        allow_loopback=settings.LAB_MODE,
    )


@transactions.atomic_retry
def _record(attempt_id: uuid.UUID, delivery: Delivery) -> None:
    """Write what came of an attempt, and when the next one is due."""
    attempt = NotificationAttempt.objects.get(id=attempt_id)
    notification = Notification.objects.select_for_update().get(id=attempt.notification_id)
    now = clock.now()
    lost = NotificationAttempt.objects.filter(id=attempt_id, finished_at__isnull=False).exists()
    attempt.finished_at = now
    attempt.duration_ms = delivery.duration_ms
    attempt.status = delivery.status
    attempt.answer = delivery.answer[:256]
    attempt.failure = delivery.failure or ""
    attempt.save()
    if delivery.failure is None:
        first = notification.delivered_at is None
        notification.state = NotificationState.DELIVERED
        notification.delivered_at = notification.delivered_at or now
        _settle(notification, due_at=None)
        if first and should_inject(notification.app_number, FaultKind.DUPLICATE_NOTICE):
            _send_again(notification, now)
    elif not lost:
        _after_failure(notification, attempt, now)


def _after_failure(notification: Notification, attempt: NotificationAttempt, now: datetime) -> None:
    """Plan the next rung of the ladder; a failed resend leaves a delivered event delivered."""
    if notification.delivered_at is not None:
        _settle(notification, due_at=None)
        return
    due_at = webhook_payload.next_send_at(
        sends=max(notification.sends, 1), planned_at=attempt.planned_at, now=now
    )
    notification.state = (
        NotificationState.EXHAUSTED if due_at is None else NotificationState.RETRYING
    )
    _settle(notification, due_at=due_at)


def _send_again(notification: Notification, now: datetime) -> None:
    """The lab's fault: a delivered event comes once more, with the same notify_id."""
    notification.due_at, notification.by_hand = now, True
    notification.save(update_fields=["due_at", "by_hand"])


def _settle(notification: Notification, *, due_at: datetime | None) -> None:
    notification.due_at = due_at
    notification.by_hand = False
    notification.save(update_fields=["state", "delivered_at", "due_at", "by_hand"])
