"""A thread's database session ends with the thread, whenever the garbage collector comes by."""

import gc
import os
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.backends.signals import connection_created

from config.kernel import thread_sessions

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


@pytest.fixture(autouse=True)
def no_collector() -> Iterator[None]:
    gc.disable()
    yield
    gc.enable()


def asked() -> Any:
    """The driver's connection of this thread, after a question over it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return connection.connection


def test_the_session_of_a_thread_ends_with_it() -> None:
    raws: list[Any] = []

    def work() -> None:
        raw = asked()
        assert asked() is raw
        assert not raw.closed
        raws.append(raw)

    threads = [threading.Thread(target=work) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(raws)) == len(threads)
    assert all(raw.closed for raw in raws)


def test_a_thread_whose_connection_was_replaced_ends_the_new_one() -> None:
    raws: list[Any] = []

    def work() -> None:
        raws.append(asked())
        connection.close()
        raws.append(asked())
        assert [raw.closed for raw in raws] == [True, False]

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert [raw.closed for raw in raws] == [True, True]


def test_a_second_connection_of_a_thread_leaves_the_first_one_alone() -> None:
    raw = asked()
    second = connection.copy()
    second.ensure_connection()
    second.close()
    assert asked() is raw


def test_a_connection_that_is_told_of_twice_stays_open() -> None:
    raw = asked()
    own = connections[DEFAULT_DB_ALIAS]
    connection_created.send(sender=type(own), connection=own)
    assert asked() is raw


def test_a_forked_process_leaves_the_session_of_its_parent_alone() -> None:
    raw = asked()
    child = os.fork()
    if child == 0:
        thread_sessions._open.sessions.clear()
        os._exit(0)
    os.waitpid(child, 0)
    assert asked() is raw
