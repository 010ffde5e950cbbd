"""The outbox: an effect per consumer happens exactly once, whatever the queue does."""

import uuid
from datetime import timedelta

import pytest
from django.db import transaction

from config.kernel import clock
from config.kernel.errors import InvariantBroken
from config.kernel.outbox import consumers, relay, tasks, writes
from config.kernel.outbox.models import InboxEntry, OutboxEvent
from config.kernel.usecases.advance_clock import advance_clock

pytestmark = pytest.mark.django_db
TOPIC = "test.happened"
had: list[uuid.UUID] = []
failing: set[str] = set()


def first(event: OutboxEvent) -> None:
    """One effect."""
    had.append(event.id)


def second(event: OutboxEvent) -> None:
    """Another, which may fail."""
    if "second" in failing:
        raise RuntimeError("the second effect fails")


@pytest.fixture(autouse=True)
def two_consumers(monkeypatch: pytest.MonkeyPatch) -> None:
    had.clear()
    failing.clear()
    monkeypatch.setattr(consumers, "_consumers", {})
    consumers.subscribe(TOPIC, name="test.first")(first)
    consumers.subscribe(TOPIC, name="test.second")(second)


def happen() -> OutboxEvent:
    with transaction.atomic():
        return writes.add(topic=TOPIC, aggregate_id="thing", payload={"n": 1})


def test_delivers_to_every_consumer_and_closes_the_event() -> None:
    event = happen()
    assert relay.drain() == 2
    event.refresh_from_db()
    assert event.done_at is not None
    assert had == [event.id]


def test_has_its_effect_once_when_delivered_twice() -> None:
    event = happen()
    for _ in range(2):
        tasks.deliver_events(TOPIC, [str(event.id)])
    assert had == [event.id]


def test_a_failing_effect_leaves_the_others_done_and_comes_again() -> None:
    event = happen()
    failing.add("second")
    tasks.deliver_events(TOPIC, [str(event.id)])
    event.refresh_from_db()
    assert (event.done_at, len(had)) == (None, 1)
    failing.clear()
    tasks.deliver_events(TOPIC, [str(event.id)])
    event.refresh_from_db()
    assert event.done_at is not None
    assert len(had) == 1


def test_an_event_waits_for_the_consumer_of_a_newer_version(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    consumers.record_subscriptions()
    newest = dict(consumers._consumers)
    older = {key: value for key, value in newest.items() if key[1] != "test.second"}
    monkeypatch.setattr(consumers, "_consumers", older)
    event = happen()
    tasks.deliver_events(TOPIC, [str(event.id)])
    event.refresh_from_db()
    assert (had, event.done_at) == ([event.id], None)
    monkeypatch.setattr(consumers, "_consumers", newest)
    long_ago = clock.now() - timedelta(minutes=1)
    OutboxEvent.objects.filter(id=event.id).update(published_at=long_ago)
    assert relay.sweep() == 1
    tasks.deliver_events(TOPIC, [str(event.id)])
    event.refresh_from_db()
    assert event.done_at is not None


def test_a_topic_that_an_older_worker_does_not_know_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    consumers.record_subscriptions()
    monkeypatch.setattr(consumers, "_consumers", {})
    event = happen()
    tasks.deliver_events(TOPIC, [str(event.id)])
    event.refresh_from_db()
    assert event.done_at is None


def test_what_a_version_no_longer_consumes_is_owed_to_nobody(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    consumers.record_subscriptions()
    monkeypatch.setattr(consumers, "_consumers", {})
    consumers.record_subscriptions()
    assert consumers.names_owed(TOPIC) == set()


def test_a_failing_effect_rolls_back_with_its_mark() -> None:
    event = happen()
    failing.add("second")
    with pytest.raises(RuntimeError):
        relay.apply_once(consumers.consumers_of(TOPIC)[1], [event])
    assert not InboxEntry.objects.filter(consumer="test.second").exists()


def test_publishes_each_event_once() -> None:
    happen()
    assert relay.publish_batch() == 1
    assert relay.publish_batch() == 0


def test_the_sweep_sends_again_what_the_broker_lost() -> None:
    happen()
    relay.publish_batch()
    assert relay.sweep() == 0
    long_ago = clock.now() - relay.UNFINISHED_AFTER - timedelta(seconds=1)
    OutboxEvent.objects.update(published_at=long_ago)
    assert relay.sweep() == 1


def test_the_sweep_leaves_finished_events_alone() -> None:
    happen()
    relay.publish_batch()
    relay.drain()
    OutboxEvent.objects.update(published_at=clock.now() - timedelta(days=1))
    assert relay.sweep() == 0


def test_an_event_without_consumers_is_closed() -> None:
    with transaction.atomic():
        writes.add(topic="test.nobody_listens", aggregate_id="x", payload={})
    relay.drain()
    assert OutboxEvent.objects.get().done_at is not None


def test_an_event_is_gone_with_the_transaction_it_was_part_of() -> None:
    with transaction.atomic():
        writes.add(topic=TOPIC, aggregate_id="x", payload={})
        transaction.set_rollback(True)
    assert not OutboxEvent.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_refuses_to_write_outside_a_transaction() -> None:
    with pytest.raises(InvariantBroken):
        writes.add(topic=TOPIC, aggregate_id="x", payload={})


def test_two_consumers_of_one_name_are_refused() -> None:
    with pytest.raises(InvariantBroken):
        consumers.subscribe(TOPIC, name="test.first")(second)


def test_advancing_the_clock_delivers_what_waits() -> None:
    happen()
    assert advance_clock(by=timedelta(0)).events == 2
