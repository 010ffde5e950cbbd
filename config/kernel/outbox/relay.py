"""From the outbox to the consumers: relay, sweep and direct delivery."""

import json
import logging
import threading
import time
import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

import redis
from celery import current_app
from django.conf import settings
from django.db import transaction
from django.db.models import Exists, Min, OuterRef, Q

from config.kernel import clock, transactions
from config.kernel.claims import claim
from config.kernel.outbox import event_log
from config.kernel.outbox.consumers import (
    Consumer,
    consumer_of,
    consumers_of,
    names_owed,
    topics_of,
)
from config.kernel.outbox.models import InboxEntry, OutboxEvent

log = logging.getLogger(__name__)

BATCH = 200
LIVE_CHANNEL = "saoma:live"
# Long enough for a queue to work through a burst, short enough that a wiped broker
# is healed while someone watches.
UNFINISHED_AFTER = timedelta(seconds=30)
_KICK_EVERY_S = 0.2
_kick_lock = threading.Lock()
_kicked_at = 0.0
_kick_idle = threading.Event()
_kick_idle.set()


def kick() -> None:
    """Ask for a relay run now instead of at the next beat; at most five times a second."""
    global _kicked_at
    if not settings.OUTBOX_KICK:
        return
    with _kick_lock:
        if time.monotonic() - _kicked_at < _KICK_EVERY_S or not _kick_idle.is_set():
            return
        _kicked_at = time.monotonic()
        _kick_idle.clear()
    # Off the caller's thread: a payment's answer waits for no broker.
    threading.Thread(target=_send_kick, name="outbox-kick", daemon=True).start()


def _send_kick() -> None:
    """Send one hurrying message; where the broker is away the beat does without."""
    try:
        current_app.send_task("outbox.relay", expires=5, retry=False)
    except Exception:
        # The edge of this thread: whatever the broker's client raises.
        log.exception("the relay was not hurried")
    finally:
        _kick_idle.set()


def publish_batch() -> int:
    """Hand the oldest unpublished events to the queue and to live listeners."""
    with transaction.atomic():
        # The counter before the rows, as everybody who numbers them takes the two.
        counter = event_log.lock_counter(event_log.OUTBOX)
        events = claim(OutboxEvent.objects.filter(published_at__isnull=True).order_by("id"), BATCH)
        event_log.number_published(events, counter)
        _mark_published(events)
    _show_live(events)
    _send(events)
    return len(events)


def sweep() -> int:
    """Send again what was published and never finished."""
    stale = clock.now() - UNFINISHED_AFTER
    with transaction.atomic():
        events = claim(
            OutboxEvent.objects.filter(done_at__isnull=True, published_at__lt=stale).order_by(
                "published_at"
            ),
            BATCH,
        )
        _mark_published(events)
    _send(events)
    return len(events)


def drain() -> int:
    """Deliver everything undelivered in this process, until nothing is left.

    For tests and for advancing the clock; safe beside workers that do the same.
    Returns how many effects were had.
    """
    effects = 0
    seen: set[uuid.UUID] = set()
    while True:
        waiting = OutboxEvent.objects.filter(done_at__isnull=True).exclude(id__in=seen)
        ids = list(waiting.order_by("id").values_list("id", flat=True)[:BATCH])
        if not ids:
            return effects
        seen.update(ids)
        for event in OutboxEvent.objects.filter(id__in=ids).order_by("id"):
            effects += sum(deliver(consumer, event.id) for consumer in consumers_of(event.topic))
            finish(event.id)


@transactions.atomic_retry
def deliver(consumer: Consumer, event_id: uuid.UUID) -> bool:
    """Let one consumer have its effect, once. Returns False where it had it already.

    A consumer that keeps order has the effects of the same aggregate's earlier events first,
    whichever worker they are with.

    Locks: the event row, so that two deliveries of one event take turns; earlier ones first.
    """
    if consumer.in_order:
        for topic, earlier_id in _unconsumed_before(consumer, event_id):
            deliver(consumer_of(topic, consumer.name), earlier_id)
    event = OutboxEvent.objects.select_for_update().get(id=event_id)
    if InboxEntry.objects.filter(event=event, consumer=consumer.name).exists():
        return False
    consumer.handler(event)
    InboxEntry.objects.create(event=event, consumer=consumer.name)
    return True


def _unconsumed_before(consumer: Consumer, event_id: uuid.UUID) -> list[tuple[str, uuid.UUID]]:
    """The earlier events of the same aggregate that a consumer has not had yet, in order."""
    event = OutboxEvent.objects.get(id=event_id)
    earlier = OutboxEvent.objects.filter(
        aggregate_id=event.aggregate_id, id__lt=event_id, topic__in=topics_of(consumer.name)
    )
    waiting = earlier.exclude(
        Exists(InboxEntry.objects.filter(event=OuterRef("id"), consumer=consumer.name))
    )
    return list(waiting.order_by("id").values_list("topic", "id"))


def finish(event_id: uuid.UUID) -> None:
    """Close an event once every consumer has had its effect, a newer version's included."""
    event = OutboxEvent.objects.get(id=event_id)
    names = names_owed(event.topic)
    consumed = set(InboxEntry.objects.filter(event=event).values_list("consumer", flat=True))
    if names <= consumed:
        OutboxEvent.objects.filter(id=event_id, done_at__isnull=True).update(done_at=clock.now())


def oldest_unfinished() -> datetime | None:
    """When the oldest event happened that some consumer has not had yet."""
    # In two halves, as the partial indexes are: the table of all events is not read.
    unsent = Q(published_at__isnull=True)
    unfinished = Q(done_at__isnull=True, published_at__isnull=False)
    waiting = OutboxEvent.objects.filter(unsent | unfinished)
    oldest: datetime | None = waiting.aggregate(oldest=Min("created_at"))["oldest"]
    return oldest


def _mark_published(events: Sequence[OutboxEvent]) -> None:
    now = clock.now()
    OutboxEvent.objects.filter(id__in=[event.id for event in events]).update(published_at=now)


def _send(events: Sequence[OutboxEvent]) -> None:
    """One message a topic, so that a burst costs few messages."""
    by_topic: dict[str, list[str]] = {}
    for event in events:
        by_topic.setdefault(event.topic, []).append(str(event.id))
    for topic, ids in by_topic.items():
        current_app.send_task("outbox.deliver", kwargs={"topic": topic, "event_ids": ids})


def _show_live(events: Sequence[OutboxEvent]) -> None:
    """Tell live streams; they read what they missed from the table, so loss is harmless."""
    if not settings.REDIS_URL or not events:
        return
    try:
        server = redis.Redis.from_url(
            settings.REDIS_URL, socket_connect_timeout=1, socket_timeout=2
        )
        pipe = server.pipeline(transaction=False)
        for event in events:
            pipe.publish(LIVE_CHANNEL, json.dumps(as_live(event)))
        pipe.execute()
        server.close()
    except redis.RedisError as error:
        log.warning("live listeners were not told", extra={"error": str(error)})


def as_live(event: OutboxEvent) -> dict[str, object]:
    """The event as live streams show it."""
    return {
        "id": str(event.id),
        "topic": event.topic,
        "at": event.created_at.isoformat(),
        "payload": event.payload,
    }
