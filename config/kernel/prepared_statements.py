"""Prepared statements through PostgreSQL's driver, for the few of the hottest path.

Django's cursor puts the values into the text of each statement, which the server then
parses and plans anew; psycopg's own cursor adapts, waits and adapts again in Python. Here
a statement is prepared once on the connection, the values travel beside it as text, and
one call of the driver's library sends it and brings the answer: a third of the client's
time of a look-up, on the same connection and therefore in the same transaction.
"""

import itertools
import threading
from collections.abc import Sequence
from typing import Any, cast

import psycopg
from django.db import DEFAULT_DB_ALIAS, OperationalError, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg.abc import Transformer as Reader
from psycopg.adapt import AdaptersMap, Transformer
from psycopg.errors import error_from_result
from psycopg.pq import ExecStatus, TransactionStatus
from psycopg.pq.abc import PGresult

from config.kernel.errors import invariant

_numbers = itertools.count()


class _Reading:
    """How answers on one connection are read: by psycopg's own loaders, written in C.

    Django's adapters on the connection read times in Python.
    """

    def __init__(self, raw: psycopg.Connection[Any]) -> None:
        self.adapters: AdaptersMap = psycopg.adapters
        self.connection: psycopg.Connection[Any] | None = raw


class _Prepared:
    """A statement prepared on one connection."""

    def __init__(self, name: bytes, reader: Reader) -> None:
        self.name = name
        self.reader = reader
        self.read_before = False

    def rows(self, result: PGresult) -> list[tuple[Any, ...]]:
        """Read all rows; what the columns hold is worked out the first time only."""
        self.reader.set_pgresult(result, set_loaders=not self.read_before)
        self.read_before = True
        return self.reader.load_rows(0, result.ntuples, tuple)


class _Kept(threading.local):
    """What this thread has prepared on its connection."""

    raw: psycopg.Connection[Any] | None = None
    statements: dict[str, _Prepared]


_kept = _Kept()


def fetch_row(sql: str, values: Sequence[object]) -> tuple[Any, ...] | None:
    """Run one statement on PostgreSQL and give its first row; see `fetch_rows`."""
    rows = fetch_rows(sql, values)
    return rows[0] if rows else None


def fetch_rows(sql: str, values: Sequence[object]) -> list[tuple[Any, ...]]:
    """Run one statement on PostgreSQL and give its rows.

    Args:
        sql: with `%s` for each value; the same text each time, or preparing is in vain.
            Where PostgreSQL cannot tell a value's type from its place, say it (`%s::int`).
        values: what the placeholders stand for: None, text, numbers, ids, times, flags.

    Raises:
        django.db.DatabaseError: as Django's own cursor does.
        InvariantBroken: the database is not PostgreSQL.

    A connection that turns out to be dead is replaced and the statement sent again, which
    is cheaper than asking before every request whether it still lives. So the statement
    must be safe to repeat; all of ours carry a key.
    """
    wrapper = connections[DEFAULT_DB_ALIAS]
    invariant(wrapper.vendor == "postgresql", "only PostgreSQL is spoken to directly")
    wrapper.ensure_connection()
    try:
        return _run(wrapper, sql, values)
    except OperationalError:
        if wrapper.in_atomic_block or not wrapper.connection.closed:
            raise
    wrapper.close()
    wrapper.ensure_connection()
    return _run(wrapper, sql, values)


def _run(wrapper: BaseDatabaseWrapper, sql: str, values: Sequence[object]) -> list[tuple[Any, ...]]:
    wrapper.validate_no_broken_transaction()
    raw: psycopg.Connection[Any] = wrapper.connection
    with wrapper.wrap_database_errors:
        # None stands for NULL, which the driver's annotation has forgotten.
        texts = cast(Sequence[bytes], [None if v is None else _text(v) for v in values])
        if not raw.autocommit and raw.pgconn.transaction_status == TransactionStatus.IDLE:
            raw.execute("")  # begins the transaction that the caller has asked for
        statement = _prepared(raw, sql)
        result = raw.pgconn.exec_prepared(statement.name, texts)
        if result.status != ExecStatus.TUPLES_OK:
            raise _error(raw, result)
        return statement.rows(result)


def _text(value: object) -> bytes:
    """Write a value as PostgreSQL reads it.

    Raises:
        django.db.DataError: a text holds NUL, which would end it early.
    """
    text = str(value).encode()
    if b"\0" in text:
        raise psycopg.DataError("PostgreSQL text fields cannot contain NUL bytes")
    return text


def _prepared(raw: psycopg.Connection[Any], sql: str) -> _Prepared:
    if _kept.raw is not raw:
        _kept.raw, _kept.statements = raw, {}
    statement = _kept.statements.get(sql)
    if statement is None:
        name = f"saoma_{next(_numbers)}".encode()
        first, *rest = sql.split("%s")
        numbered = first + "".join(f"${n}{part}" for n, part in enumerate(rest, start=1))
        result = raw.pgconn.prepare(name, numbered.encode())
        if result.status != ExecStatus.COMMAND_OK:
            raise _error(raw, result)
        statement = _Prepared(name, Transformer(_Reading(raw)))
        _kept.statements[sql] = statement
    return statement


def _error(raw: psycopg.Connection[Any], result: PGresult) -> psycopg.Error:
    """What psycopg's cursor would raise; a connection that died has no code of its own."""
    if raw.closed:
        return psycopg.OperationalError(result.get_error_message())
    return error_from_result(result)
