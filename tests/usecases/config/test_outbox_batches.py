"""Events taken many at once: each effect once, one event's bug its own, order kept."""

import uuid
from collections.abc import Sequence
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from config.kernel.outbox import consumers, relay, tasks, writes
from config.kernel.outbox.models import InboxEntry, OutboxEvent

pytestmark = pytest.mark.django_db
TOPIC, LATER = "test.begun", "test.ended"
batches: list[list[int]] = []
faulty: set[int] = set()


def note(events: Sequence[OutboxEvent]) -> None:
    """Take numbered events at once; a faulty one spoils the whole batch."""
    numbers = [event.payload["n"] for event in events]
    if faulty & set(numbers):
        raise RuntimeError("one of these spoils it")
    batches.append(numbers)


@pytest.fixture(autouse=True)
def one_consumer(monkeypatch: pytest.MonkeyPatch) -> None:
    batches.clear()
    faulty.clear()
    monkeypatch.setattr(consumers, "_consumers", {})
    monkeypatch.setattr(tasks, "batches", tasks.BatchSizes())
    consumers.subscribe_set(TOPIC, name="test.note", in_order=True)(note)


def happen(n: int, topic: str = TOPIC, aggregate: str = "") -> OutboxEvent:
    with transaction.atomic():
        return writes.add(topic=topic, aggregate_id=aggregate or f"a{n}", payload={"n": n})


def effects() -> list[int]:
    return [n for batch in batches for n in batch]


def test_a_batch_is_one_transaction_of_few_statements() -> None:
    for n in range(50):
        happen(n)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert relay.drain() == 50
    assert batches == [list(range(50))]
    assert len(queries) < 20
    assert not OutboxEvent.objects.filter(done_at__isnull=True).exists()


def test_overlapping_messages_have_each_effect_once() -> None:
    ids = [str(happen(n).id) for n in range(6)]
    tasks.deliver_events(TOPIC, ids[:4])
    tasks.deliver_events(TOPIC, ids[2:])
    tasks.deliver_events(TOPIC, ids)
    assert sorted(effects()) == list(range(6))
    assert InboxEntry.objects.count() == 6


def test_one_events_bug_is_not_its_neighbours(caplog: pytest.LogCaptureFixture) -> None:
    events = [happen(n) for n in range(5)]
    faulty.add(3)
    _, failures = relay.deliver(consumers.consumers_of(TOPIC)[0], events)
    assert [event.id for event, _ in failures] == [events[3].id]
    assert effects() == [0, 1, 2, 4]
    faulty.clear()
    tasks.deliver_events(TOPIC, [str(event.id) for event in events])
    assert effects() == [0, 1, 2, 4, 3]


def test_an_earlier_event_of_the_same_aggregate_comes_first_whatever_brings_it() -> None:
    consumers.subscribe_set(LATER, name="test.note", in_order=True)(note)
    first, between = happen(1, aggregate="a"), happen(2, LATER, "a")
    last, other = happen(3, aggregate="a"), happen(4, LATER, "b")
    tasks.deliver_events(TOPIC, [str(last.id)])
    assert effects() == [1, 2, 3]
    tasks.deliver_events(LATER, [str(between.id), str(other.id)])
    tasks.deliver_events(TOPIC, [str(first.id)])
    assert effects() == [1, 2, 3, 4]


def test_what_does_not_concern_a_consumer_is_marked_and_never_handed_over() -> None:
    odd: list[int] = []
    consumers.subscribe(
        TOPIC,
        name="test.odd",
        concern=lambda events: [event.id for event in events if event.payload["n"] % 2],
    )(lambda event: odd.append(event.payload["n"]))
    for n in range(5):
        happen(n)
    relay.drain()
    assert odd == [1, 3]
    assert InboxEntry.objects.filter(consumer="test.odd").count() == 5


def test_a_concern_by_an_id_of_the_payload_asks_once_for_all() -> None:
    ids = [uuid.uuid4() for _ in range(3)]
    events = [OutboxEvent(topic=TOPIC, payload={"thing_id": str(one)}) for one in ids]
    concern = consumers.those_about("thing_id", lambda asked: {ids[1]} & set(asked))
    assert list(concern(events)) == [events[1].id]


def test_a_batch_holds_about_a_seconds_work() -> None:
    sizes = tasks.BatchSizes()
    assert sizes.size(TOPIC) == 1
    sizes.note(TOPIC, 1, 0.02)
    assert sizes.size(TOPIC) == 50
    sizes.note(TOPIC, 50, 100.0)
    assert sizes.size(TOPIC) == 1
    sizes.note(TOPIC, 50, 0.001)
    assert sizes.size(TOPIC) == relay.BATCH


def test_publishing_numbers_events_and_marks_them_in_one_statement(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sent: list[Any] = []
    monkeypatch.setattr(relay, "_send", sent.append)
    for n in range(3):
        happen(n)
    with CaptureQueriesContext(connection) as queries:
        assert relay.publish_batch() == 3
    assert sum(query["sql"].startswith("UPDATE") for query in queries.captured_queries) <= 2
    rows = OutboxEvent.objects.order_by("id")
    assert [row.position for row in rows] == [1, 2, 3]
    assert all(row.published_at for row in rows)
