"""fetch_row: straight to the driver, over a new connection where the old one died."""

import pytest
from django.db import DatabaseError, OperationalError, connection, transaction

from config.kernel.driver import fetch_row, fetch_rows
from config.kernel.errors import InvariantBroken

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
