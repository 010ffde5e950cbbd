"""fetch_row: straight to the driver, over a new connection where the old one died."""

import uuid
from datetime import UTC, date, datetime

import pytest
from django.db import DatabaseError, DataError, OperationalError, connection, transaction

from config.kernel.errors import InvariantBroken
from config.kernel.prepared_statements import fetch_row, fetch_rows

postgres = pytest.mark.postgres
pytestmark = pytest.mark.django_db(transaction=True)


def kill_own_backend() -> None:
    """What a restart of the server does to a connection that waits in a thread."""
    row = fetch_row("SELECT pg_backend_pid()", ())
    assert row is not None
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s)", [row[0]])
    finally:
        other.close()


@postgres
def test_gives_the_first_row_all_rows_or_none() -> None:
    assert fetch_row("SELECT %s::int + 1", (1,)) == (2,)
    assert fetch_rows("SELECT n FROM generate_series(1, %s::int) n", (3,)) == [(1,), (2,), (3,)]
    assert fetch_row("SELECT 1 WHERE %s", (False,)) is None


@postgres
def test_is_part_of_the_callers_transaction() -> None:
    with transaction.atomic():
        fetch_row("SELECT set_config('saoma.test', %s, true)", ("on",))
        assert fetch_row("SELECT current_setting('saoma.test', true)", ()) == ("on",)
    assert fetch_row("SELECT current_setting('saoma.test', true)", ()) != ("on",)


@postgres
def test_sends_the_statement_again_over_a_new_connection() -> None:
    kill_own_backend()
    assert fetch_row("SELECT 1", ()) == (1,)


@postgres
def test_does_not_pretend_that_a_lost_transaction_goes_on() -> None:
    def lose_it() -> None:
        with transaction.atomic():
            kill_own_backend()
            fetch_row("SELECT 1", ())

    with pytest.raises(OperationalError):
        lose_it()


@postgres
def test_raises_what_django_raises() -> None:
    with pytest.raises(DatabaseError):
        fetch_row("SELECT no_such_column", ())


@pytest.mark.skipif(connection.vendor == "postgresql", reason="this is about other databases")
def test_speaks_to_postgresql_only() -> None:
    with pytest.raises(InvariantBroken):
        fetch_row("SELECT 1", ())


ONE_OF_EACH: list[tuple[str, object]] = [
    ("text", "扫码 'quoted' \\ and {braced}"),
    ("bigint", -(2**62)),
    ("smallint", 7),
    ("boolean", False),
    ("uuid", uuid.UUID(int=1)),
    ("date", date(2026, 2, 28)),
    ("timestamptz", datetime(2026, 2, 28, 23, 59, 59, 1, tzinfo=UTC)),
    ("text", None),
]


@postgres
@pytest.mark.parametrize(("kind", "value"), ONE_OF_EACH)
def test_brings_every_kind_of_value_there_and_back(kind: str, value: object) -> None:
    assert fetch_row(f"SELECT %s::{kind}", (value,)) == (value,)


@postgres
def test_refuses_a_text_that_no_column_could_hold() -> None:
    with pytest.raises(DataError):
        fetch_row("SELECT %s::text", ("cut\0short",))


@postgres
def test_prepares_a_statement_once_for_each_connection() -> None:
    ask = "SELECT count(*), %s::int FROM pg_prepared_statements"
    connection.close()
    assert fetch_row(ask, (1,)) == (1, 1)
    assert fetch_row(ask, (2,)) == (1, 2)


@postgres
def test_begins_the_transaction_that_is_asked_for() -> None:
    with transaction.atomic():
        first = fetch_row("SELECT txid_current()", ())
        assert fetch_row("SELECT txid_current()", ()) == first
    assert fetch_row("SELECT txid_current()", ()) != first


@postgres
def test_a_failed_statement_leaves_the_transaction_broken_as_ever() -> None:
    with transaction.atomic():
        with pytest.raises(DatabaseError), transaction.atomic():
            fetch_row("SELECT 1 / %s::int", (0,))
        assert fetch_row("SELECT 1", ()) == (1,)
