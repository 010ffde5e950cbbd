"""One cursor of events: whoever goes on from a position misses nothing, however late."""

import uuid
from datetime import timedelta

import pytest
from django.db import transaction

from config.kernel import clock
from config.kernel.ids import uuid7
from config.kernel.outbox import event_log, relay, writes
from config.kernel.outbox.models import OutboxEvent

pytestmark = pytest.mark.django_db


def happen(event_id: uuid.UUID | None = None) -> OutboxEvent:
    """An event; with an id, one that was begun long ago and commits now."""
    with transaction.atomic():
        event = writes.add(topic="test.happened", aggregate_id="thing", payload={})
        if event_id is not None:
            OutboxEvent.objects.filter(id=event.id).delete()
            event.id = event_id
            event.save(force_insert=True)
    return event


def read(after: int, limit: int = 100) -> list[OutboxEvent]:
    return event_log.events_since(
        OutboxEvent.objects.all(), stream=event_log.OUTBOX, after=after, limit=limit
    )


def test_an_event_that_commits_late_comes_after_what_was_read() -> None:
    early = uuid7()
    first = happen()
    seen = read(0)
    late = happen(early)
    assert late.id < first.id
    assert [event.id for event in seen] == [first.id]
    assert [event.id for event in read(seen[-1].position or 0)] == [late.id]


def test_positions_go_on_in_order_and_never_change() -> None:
    events = [happen() for _ in range(3)]
    relay.publish_batch()
    before = [(event.id, event.position) for event in read(0)]
    happen()
    assert [(event.id, event.position) for event in read(0)][:3] == before
    assert [event_id for event_id, _ in before] == [event.id for event in events]
    positions = [event.position or 0 for event in read(0)]
    assert positions == sorted(set(positions))


def test_pages_end_where_the_limit_is() -> None:
    for _ in range(5):
        happen()
    page = read(0, limit=2)
    rest = read(page[-1].position or 0)
    assert (len(page), len(rest)) == (2, 3)
    assert {event.id for event in page}.isdisjoint(event.id for event in rest)


def test_reading_again_locks_nothing() -> None:
    happen()
    read(0)
    later = clock.now() + timedelta(seconds=1)
    assert not OutboxEvent.objects.filter(position__isnull=True, created_at__lt=later).exists()
    assert len(read(0)) == 1
