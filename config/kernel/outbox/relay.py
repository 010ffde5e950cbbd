"""From the outbox to the consumers: relay, sweep and direct delivery."""

import itertools
import logging
import threading
import time
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

import redis
from celery import current_app
from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from config.kernel import clock, transactions
from config.kernel.claims import claim
from config.kernel.due_times import as_moment
from config.kernel.outbox import event_log
from config.kernel.outbox.consumers import (
    Consumer,
    consumer_of,
    consumers_of,
    names_owed,
    topics_of,
)
from config.kernel.outbox.models import EventCounter, InboxEntry, OutboxEvent, Pulse

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
    """Hand the oldest unpublished events to the queue, and ring for live listeners."""
    events = claim_unpublished()
    _ring()
    _send(events)
    return len(events)


def claim_unpublished() -> list[OutboxEvent]:
    """Mark the oldest unpublished events as published and number them, in one transaction.

    Locks: the counter of events, then the events, skipping those another relay holds.
    """
    with transaction.atomic():
        # The counter before the rows, as everybody who numbers them takes the two.
        counter = event_log.lock_counter(event_log.OUTBOX)
        waiting = OutboxEvent.objects.filter(published_at__isnull=True)
        events = claim(waiting.only("topic", "position").order_by("id"), BATCH)
        event_log.publish(events, counter)
    return events


def sweep() -> int:
    """Send again what was published and never finished."""
    stale = clock.now() - UNFINISHED_AFTER
    with transaction.atomic():
        unfinished = OutboxEvent.objects.filter(done_at__isnull=True, published_at__lt=stale)
        events = claim(unfinished.only("topic").order_by("published_at"), BATCH)
        ids = [event.id for event in events]
        OutboxEvent.objects.filter(id__in=ids).update(published_at=clock.now())
    _send(events)
    return len(events)


def drain() -> int:
    """Deliver everything undelivered in this process, until nothing is left.

    For tests and for advancing the clock; safe beside workers that do the same.
    Returns how many effects were had. The first effect that fails ends it with its error.
    """
    effects = 0
    seen: set[uuid.UUID] = set()
    last: uuid.UUID | None = None
    while True:
        events = _unfinished_after(last) if last else []
        # What was written meanwhile is mostly younger; else it begins with the oldest again.
        events = events or _oldest_unfinished(seen)
        if not events:
            return effects
        last = events[-1].id
        seen.update(event.id for event in events)
        for topic, some in _by_topic(events).items():
            effects += _drain_topic(topic, some)


def _drain_topic(topic: str, events: Sequence[OutboxEvent]) -> int:
    effects = 0
    for consumer in consumers_of(topic):
        count, failures = deliver(consumer, events)
        effects += count
        if failures:
            raise failures[0][1]
    finish(topic, [event.id for event in events])
    return effects


def _unfinished_after(event_id: uuid.UUID) -> list[OutboxEvent]:
    rows = OutboxEvent.objects.filter(done_at__isnull=True, id__gt=event_id)
    return list(rows.order_by("id")[:BATCH])


def _oldest_unfinished(seen: Collection[uuid.UUID]) -> list[OutboxEvent]:
    """A batch of the oldest unfinished events that are not among those seen."""
    first = unfinished().order_by("id").values_list("id", flat=True).first()
    if first is None:
        return []
    rows = OutboxEvent.objects.filter(done_at__isnull=True, id__gte=first).order_by("id")
    return list(itertools.islice((row for row in rows.iterator() if row.id not in seen), BATCH))


Failures = list[tuple[OutboxEvent, Exception]]


def deliver(consumer: Consumer, events: Sequence[OutboxEvent]) -> tuple[int, Failures]:
    """Let a consumer have its effects of some events of its topic, each exactly once.

    What it has set-wise is one transaction, and so are the marks of what does not concern
    it; everything else is a transaction for each event. Where many fail together each is
    tried alone, so that one event's fault stops no other.

    Returns:
        how many effects were had, and the events whose effect failed, with the error. What
        had its effect before is in neither.

    Raises:
        SoftTimeLimitExceeded: the task's time is up; what was had is kept.
    """
    effects = 0
    if len(events) > 1:
        try:
            if consumer.is_set_wise:
                return apply_once(consumer, events), []
            if consumer.concern is not None:
                concern_ids = set(consumer.concern(events))
                others = [event.id for event in events if event.id not in concern_ids]
                effects += len(_mark(consumer.name, others))
                events = [event for event in events if event.id in concern_ids]
        except SoftTimeLimitExceeded:
            raise
        except Exception:
            log.warning("effects failed together, each is tried alone", exc_info=True)
    failures: Failures = []
    for event in events:
        try:
            effects += apply_once(consumer, [event])
        except SoftTimeLimitExceeded:
            raise
        except Exception as error:  # noqa: BLE001
            # The edge of one effect; the caller logs it or raises it.
            failures.append((event, error))
    return effects, failures


def apply_once(consumer: Consumer, events: Sequence[OutboxEvent]) -> int:
    """Have the effects of those of the events that were not had yet, in one transaction.

    A consumer that keeps order has the effects of the same aggregates' earlier events first,
    whichever worker they are with. Returns how many effects were had.

    Locks: the marks in the order of the events' ids; who brings the same event at the same
    time waits here until this one has had its effect, or has failed.
    """
    if connection.in_atomic_block:
        # A failure takes back its own marks and effects, and leaves the caller's work.
        with transaction.atomic():
            return _apply(consumer, events)
    return _apply(consumer, events)


@transactions.atomic_retry
def _apply(consumer: Consumer, events: Sequence[OutboxEvent]) -> int:
    events_by_id = {event.id: event for event in events}
    if consumer.in_order:
        events_by_id |= {event.id: event for event in _unconsumed_before(consumer, events)}
    new_ids = _mark(consumer.name, sorted(events_by_id))
    due = [events_by_id[event_id] for event_id in sorted(new_ids)]
    for topic, some in itertools.groupby(due, key=lambda event: event.topic):
        consumer_of(topic, consumer.name).apply(list(some))
    return len(due)


# Marks are written before the effect, in its transaction: the key's uniqueness makes two
# deliveries of one event take turns, and the second finds nothing left to mark.
_MARK = """
INSERT INTO outbox_inboxentry (event_id, consumer, done_at)
SELECT id, %s, %s FROM outbox_outboxevent AS event WHERE id IN ({ids})
   AND NOT EXISTS (SELECT 1 FROM outbox_inboxentry
                    WHERE outbox_inboxentry.event_id = event.id AND consumer = %s)
 ORDER BY id
ON CONFLICT (event_id, consumer) DO NOTHING RETURNING event_id
"""


def _mark(name: str, event_ids: Sequence[uuid.UUID]) -> list[uuid.UUID]:
    """Mark events as had by a consumer; gives those that were not marked before."""
    if not event_ids:
        return []
    key, done_at = InboxEntry._meta.get_field("event"), InboxEntry._meta.get_field("done_at")
    ids = [key.get_db_prep_value(event_id, connection) for event_id in event_ids]
    now = done_at.get_db_prep_value(clock.now(), connection)
    with connection.cursor() as cursor:
        statement = _MARK.format(ids=", ".join(["%s"] * len(ids)))
        cursor.execute(statement, [name, now, *ids, name])
        # SQLite gives ids as text.
        return [uuid.UUID(str(row[0])) for row in cursor.fetchall()]


def _unconsumed_before(consumer: Consumer, events: Sequence[OutboxEvent]) -> list[OutboxEvent]:
    """Events that a consumer has not had and that are earlier of the same aggregates."""
    newest = {event.aggregate_id: event.id for event in sorted(events, key=lambda event: event.id)}
    earlier = OutboxEvent.objects.filter(
        aggregate_id__in=newest, id__lt=max(newest.values()), topic__in=topics_of(consumer.name)
    ).exclude(id__in=[event.id for event in events])
    waiting = earlier.exclude(
        Exists(InboxEntry.objects.filter(event=OuterRef("id"), consumer=consumer.name))
    )
    return [event for event in waiting if event.id < newest[event.aggregate_id]]


def finish(topic: str, event_ids: Sequence[uuid.UUID]) -> None:
    """Close those events of a topic of which every consumer, a newer version's too, had its effect.

    Nothing is closed where somebody is owed it still.
    """
    names = names_owed(topic)
    rows = OutboxEvent.objects.filter(id__in=event_ids, done_at__isnull=True)
    if names:
        marks = InboxEntry.objects.filter(event_id__in=event_ids, consumer__in=names)
        counts = marks.order_by().values("event_id").annotate(count=Count("consumer"))
        rows = rows.filter(id__in=[row["event_id"] for row in counts if row["count"] == len(names)])
    rows.update(done_at=clock.now())


def unfinished() -> QuerySet[OutboxEvent]:
    """Events with an effect still to come.

    In two halves, as the partial indexes are: the table of all events is not read.
    """
    unsent = Q(published_at__isnull=True)
    unfinished = Q(done_at__isnull=True, published_at__isnull=False)
    return OutboxEvent.objects.filter(unsent | unfinished)


_OLDEST = f"""
SELECT min(created_at), (SELECT beaten_at FROM outbox_pulse) FROM (
    SELECT created_at FROM (
        SELECT created_at FROM outbox_outboxevent
         WHERE done_at IS NULL AND published_at IS NULL ORDER BY id LIMIT {BATCH}) AS unsent
    UNION ALL
    SELECT created_at FROM (
        SELECT created_at FROM outbox_outboxevent
         WHERE done_at IS NULL AND published_at IS NOT NULL
         ORDER BY published_at LIMIT {BATCH}) AS sent) AS waiting
"""  # noqa: S608 (one number of our own)


@dataclass(frozen=True, slots=True)
class Life:
    """What tells of relay and workers; None where nothing waits, or nobody ever worked."""

    oldest: datetime | None
    beaten_at: datetime | None


def life() -> Life:
    """When the oldest event happened that is not done, and when a worker last lived.

    Of a long backlog only those that wait longest to be sent, or sent again, are looked at:
    a probe asks this, and must cost the same however much waits. One prepared text, because
    for the probe composing two queries cost more than running them.
    """
    with connection.cursor() as cursor:
        cursor.execute(_OLDEST)
        oldest, beaten_at = cursor.fetchone() or (None, None)
    return Life(*(None if each is None else as_moment(each) for each in (oldest, beaten_at)))


def beat() -> None:
    """Write down that scheduler, broker and a worker live."""
    Pulse.objects.update_or_create(id=1, defaults={"beaten_at": clock.now()})


def progress() -> tuple[int, int]:
    """How many events were numbered since the beginning, and how many of them are finished.

    Both as of one moment, so neither ever falls.
    """
    waiting = unfinished().filter(position__isnull=False).order_by()
    count = waiting.annotate(all=Value(1)).values("all").annotate(count=Count("id"))
    counter = (
        EventCounter.objects.filter(name=event_log.OUTBOX)
        .annotate(waiting=Coalesce(Subquery(count.values("count")), 0))
        .first()
    )
    return (0, 0) if counter is None else (counter.last, counter.last - counter.waiting)


def _send(events: Sequence[OutboxEvent]) -> None:
    """One message a topic, so that a burst costs few messages."""
    for topic, some in _by_topic(events).items():
        ids = [str(event.id) for event in some]
        current_app.send_task("outbox.deliver", kwargs={"topic": topic, "event_ids": ids})


def _by_topic(events: Sequence[OutboxEvent]) -> dict[str, list[OutboxEvent]]:
    by_topic: dict[str, list[OutboxEvent]] = {}
    for event in events:
        by_topic.setdefault(event.topic, []).append(event)
    return by_topic


def _ring() -> None:
    """Ring for live streams; they read what is new from the table, so a lost ring is harmless."""
    if not settings.REDIS_URL:
        return
    try:
        _bell(settings.REDIS_URL).publish(LIVE_CHANNEL, "")
    except redis.RedisError as error:
        log.warning("live listeners were not told", extra={"error": str(error)})


@cache
def _bell(url: str) -> redis.Redis:
    return redis.Redis.from_url(url, socket_connect_timeout=1, socket_timeout=2)


def as_live(event: OutboxEvent) -> dict[str, object]:
    """The event as live streams show it."""
    return {
        "id": str(event.id),
        "topic": event.topic,
        "at": event.created_at.isoformat(),
        "payload": event.payload,
    }
