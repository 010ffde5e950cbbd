"""Readers beside writers that commit late, and beside each other: nobody misses an event."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from config.kernel.outbox import event_log, relay, writes
from config.kernel.outbox.models import OutboxEvent

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]
WRITERS, EACH, READERS = 4, 10, 3


def number_later(number: int, count: int) -> None:
    writes.add(topic="test.happened", aggregate_id=f"{number}", payload={})
    time.sleep(0.002 * ((number + count) % WRITERS))  # ids in another order


def number_at_once(number: int, count: int) -> None:
    [position] = event_log.next_positions(event_log.OUTBOX, 1)
    OutboxEvent.objects.create(topic="test.happened", aggregate_id=f"{number}", position=position)
    time.sleep(0.002 * ((number + count) % WRITERS))


@pytest.mark.parametrize("add", [number_later, number_at_once])
def test_no_reader_misses_what_commits_late(add: Callable[[int, int], None]) -> None:
    done = threading.Event()

    def write(number: int) -> None:
        try:
            for count in range(EACH):
                with transaction.atomic():
                    add(number, count)
        finally:
            connection.close()

    def follow(number: int) -> list[str]:
        seen: list[str] = []
        position = 0
        try:
            while True:
                last_round = done.is_set()
                if number == 0:
                    relay.publish_batch()
                page = event_log.events_since(
                    OutboxEvent.objects.all(), stream=event_log.OUTBOX, after=position, limit=7
                )
                seen += [str(event.id) for event in page]
                position = page[-1].position or 0 if page else position
                if last_round and not page:
                    return seen
        finally:
            connection.close()

    with ThreadPoolExecutor(WRITERS + READERS) as pool:
        readers = [pool.submit(follow, number) for number in range(READERS)]
        list(pool.map(write, range(WRITERS)))
        done.set()
        read = [reader.result() for reader in readers]
    assert all(len(seen) == len(set(seen)) == WRITERS * EACH for seen in read)
    assert read[0] == read[1] == read[2]
