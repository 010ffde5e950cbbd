"""Rows that follow an answer: written in batches, kept while the database is away."""

import threading
from collections.abc import Iterator, Sequence

import pytest
from django.db import IntegrityError, OperationalError

from config.kernel.write_behind import WriteBehind


class Table:
    """What was written, batch by batch, and what is wrong with writing."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.away = False
        self.poison: int | None = None
        self.written = threading.Event()

    def write(self, rows: Sequence[int]) -> int:
        """Write all or none."""
        if self.away:
            raise OperationalError("no connection")
        if self.poison in rows:
            raise IntegrityError("no such terminal")
        self.batches.append(list(rows))
        self.written.set()
        return len(rows)


@pytest.fixture
def table() -> Iterator[Table]:
    """A table that is there again when the process ends and its queues are emptied."""
    made = Table()
    yield made
    made.away = False


def queue_of(table: Table, *, wait_s: float = 60.0, full: int = 100) -> WriteBehind[int]:
    """A queue whose thread writes nothing by itself unless told to be quick."""
    return WriteBehind("test", table.write, batch=3, full=full, wait_s=wait_s)


def test_a_row_is_written_by_itself_a_moment_later(table: Table) -> None:
    assert queue_of(table, wait_s=0.01).put(1)
    assert table.written.wait(10)
    assert table.batches == [[1]]


def test_a_full_batch_does_not_wait_for_its_time(table: Table) -> None:
    queue = queue_of(table)
    for row in range(3):
        queue.put(row)
    assert table.written.wait(10)
    assert table.batches == [[0, 1, 2]]


def test_flush_writes_in_order_and_in_batches(table: Table) -> None:
    table.away = True
    queue = queue_of(table)
    for row in range(7):
        queue.put(row)
    table.away = False
    queue.flush()
    assert [row for batch in table.batches for row in batch] == list(range(7))
    assert max(map(len, table.batches)) <= 3


def test_what_cannot_be_written_waits_in_its_order(table: Table) -> None:
    table.away = True
    queue = queue_of(table)
    queue.put(1)
    queue.put(2)
    assert queue.flush() == 0
    table.away = False
    assert queue.flush() == 2
    assert table.batches == [[1, 2]]


def test_a_full_queue_takes_no_more(table: Table) -> None:
    table.away = True
    queue = queue_of(table, full=2)
    assert [queue.put(row) for row in range(3)] == [True, True, False]


def test_a_row_that_the_database_refuses_takes_no_neighbour_with_it(table: Table) -> None:
    table.poison = 1
    queue = queue_of(table)
    queue.put(0)
    queue.put(1)
    assert queue.flush() == 1
    assert table.batches == [[0]]
    assert queue.flush() == 0
