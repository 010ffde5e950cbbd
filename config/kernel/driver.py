"""Straight to PostgreSQL's driver, for the few statements on the hottest path.

Django's cursor puts the values into the text of each statement, which the server then
parses and plans anew. Here the statement is prepared once on the connection and the
values travel beside it: a third of the time for a look-up, in the same connection and
therefore in the same transaction.
"""

from collections.abc import Sequence
from typing import Any

import psycopg
from django.db import OperationalError, connection

from config.kernel.errors import invariant

PREPARE_AFTER = 5


def fetch_row(sql: str, values: Sequence[object]) -> tuple[Any, ...] | None:
    """Run one statement on PostgreSQL and give its first row; see `fetch_rows`."""
    rows = fetch_rows(sql, values)
    return rows[0] if rows else None


def fetch_rows(sql: str, values: Sequence[object]) -> list[tuple[Any, ...]]:
    """Run one statement on PostgreSQL and give its rows.

    Args:
        sql: with `%s` for each value; the same text each time, or preparing is in vain.
        values: what the placeholders stand for.

    Raises:
        django.db.DatabaseError: as Django's own cursor does.
        InvariantBroken: the database is not PostgreSQL.

    A connection that turns out to be dead is replaced and the statement sent again, which
    is cheaper than asking before every request whether it still lives. So the statement
    must be safe to repeat; all of ours carry a key.
    """
    invariant(connection.vendor == "postgresql", "only PostgreSQL is spoken to directly")
    connection.ensure_connection()
    try:
        return _run(sql, values)
    except OperationalError:
        if connection.in_atomic_block or not connection.connection.closed:
            raise
    connection.close()
    connection.ensure_connection()
    return _run(sql, values)


def _run(sql: str, values: Sequence[object]) -> list[tuple[Any, ...]]:
    connection.validate_no_broken_transaction()
    raw = connection.connection
    if raw.prepare_threshold is None:
        # Django turns preparing off on a new connection, even where it is asked for.
        raw.prepare_threshold = PREPARE_AFTER
    with connection.wrap_database_errors, psycopg.Cursor(raw) as cursor:
        return cursor.execute(sql, values, prepare=True).fetchall()
