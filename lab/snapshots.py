"""Snapshots of the whole world: kept under a name, put back in a fraction of a second.

On SQLite a snapshot is a file beside the database, put back page by page in one transaction.
On PostgreSQL it is a schema beside `public` that holds the rows of every table, put back in
one transaction as well, so that no connection has to end. What stands outside the database
and belongs to it (the audit trail's signed roots) goes along. Why so, and what it costs:
`decisions/0001-snapshots.md`.
"""

# ruff: noqa: S608 (names of tables come from the catalogue, names of snapshots are checked)
import re
import shutil
import sqlite3
from pathlib import Path
from typing import Any

import redis
from django.conf import settings
from django.core.cache import cache
from django.db import connection

from config.kernel import clock, ids
from config.kernel.errors import InvalidRequest, NotFound, invariant
from healthcode.verification import wsgi_fast_path
from lab import pump
from merchants.onboarding import queries as onboarding
from merchants.workbench import queries as workbench

SEEDED = "seeded"
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_PREFIX = "snapshot_"
# Tables that say what the schema is; they are never put back.
_SCHEMA_TABLES = ("django_migrations",)
_SEQUENCES = "the_sequences"
# Queues whose tasks name rows that are no longer there.
_QUEUES = ("effects", "due")


class SnapshotNameInvalid(InvalidRequest):
    """A snapshot cannot be called like this."""

    code = "snapshot_name_invalid"
    message = "A snapshot's name is small letters, digits and _, 40 at most, a letter first."


class SnapshotUnknown(NotFound):
    """There is no snapshot of this name."""

    code = "snapshot_unknown"
    message = "There is no snapshot of this name."


def names() -> list[str]:
    """The snapshots there are, in alphabetical order."""
    if connection.vendor == "sqlite":
        return sorted(path.stem for path in _folder().glob("*.sqlite3"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'snapshot\\_%'")
        return sorted(row[0].removeprefix(_PREFIX) for row in cursor.fetchall())


def keep(name: str) -> None:
    """Keep the world as it is now; another snapshot of this name is replaced.

    Raises:
        SnapshotNameInvalid: no snapshot can be called so.
    """
    _check(name)
    if connection.vendor == "sqlite":
        _keep_file(name)
    else:
        _keep_schema(name)
    for outside, copy in _outside(name):
        _copy(outside, copy)
    _step_file(name).write_text(str(ids.last_step()), encoding="ascii")


def put_back(name: str, *, seed: int | None = None) -> None:
    """Put a snapshot back, whatever has happened since, its clock included.

    Args:
        name: the snapshot's.
        seed: from which this process draws its ids from now on; None draws from the system.

    Raises:
        SnapshotNameInvalid, SnapshotUnknown.

    Locks: every table against writers, on PostgreSQL; the whole file, on SQLite.
    """
    _check(name)
    invariant(not connection.in_atomic_block, "a world is put back outside transactions")
    if name not in names():
        raise SnapshotUnknown(field="name")
    with pump.one_at_a_time:
        if connection.vendor == "sqlite":
            _put_file_back(name)
        else:
            _put_schema_back(name)
        for outside, copy in _outside(name):
            _copy(copy, outside)
        # Another stream than the one that made what is there, and later steps of time.
        ids.draw_from(
            None if seed is None else f"{seed} after {name}",
            after=_step_kept(name),
        )
        _forget()


def drop(name: str) -> None:
    """Drop a snapshot; one that is not there is no error."""
    _check(name)
    for _, copy in _outside(name):
        shutil.rmtree(copy, ignore_errors=True)
    if connection.vendor == "sqlite":
        _file(name).unlink(missing_ok=True)
        return
    with connection.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA IF EXISTS {_PREFIX}{name} CASCADE")


def _check(name: str) -> None:
    if not _NAME.fullmatch(name):
        raise SnapshotNameInvalid(field="name")


def _folder() -> Path:
    path = Path(settings.DATA_DIR) / "snapshots"
    path.mkdir(parents=True, exist_ok=True)
    path.chmod(0o700)
    return path


def _file(name: str) -> Path:
    return _folder() / f"{name}.sqlite3"


def _step_file(name: str) -> Path:
    return _folder() / f"{name}.step"


def _step_kept(name: str) -> int:
    """The last step of time when it was kept; 0 where another data folder knows it."""
    path = _step_file(name)
    return int(path.read_text(encoding="ascii")) if path.exists() else 0


def _outside(name: str) -> list[tuple[Path, Path]]:
    """Folders that belong to a world and stand outside the database; where each is kept."""
    return [
        (Path(settings.SAOMA_AUDIT_DIR), _folder() / f"{name}.audit"),
        (Path(settings.DATA_DIR) / "sandbox", _folder() / f"{name}.sandbox"),
    ]


def _copy(source: Path, target: Path) -> None:
    shutil.rmtree(target, ignore_errors=True)
    if source.exists():
        shutil.copytree(source, target)


def _keep_file(name: str) -> None:
    connection.ensure_connection()
    target = _file(name)
    fresh = target.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    copy = sqlite3.connect(fresh)
    try:
        connection.connection.backup(copy)
    finally:
        copy.close()
    fresh.replace(target)


def _put_file_back(name: str) -> None:
    connection.ensure_connection()
    source = sqlite3.connect(f"file:{_file(name)}?mode=ro", uri=True)
    try:
        # Waits for a writer in steps of a few milliseconds, not of Python's quarter second.
        source.backup(connection.connection, sleep=0.005)
    finally:
        source.close()


def _keep_schema(name: str) -> None:
    schema = f"{_PREFIX}{name}"
    with connection.cursor() as cursor:
        steps = [f"DROP SCHEMA IF EXISTS {schema} CASCADE", f"CREATE SCHEMA {schema}"]
        steps += [
            f'CREATE TABLE {schema}."{table}" AS TABLE public."{table}"'
            for table in _filled(cursor)
        ]
        steps.append(
            f"CREATE TABLE {schema}.{_SEQUENCES} AS SELECT sequencename, last_value"
            " FROM pg_sequences WHERE schemaname = 'public'"
        )
        cursor.execute("; ".join(["BEGIN", *steps, "COMMIT"]))


def _put_schema_back(name: str) -> None:
    schema = f"{_PREFIX}{name}"
    with connection.cursor() as cursor:
        tables = ", ".join(f'public."{table}"' for table in _tables(cursor, "public"))
        cursor.execute(f"BEGIN; LOCK TABLE {tables} IN SHARE ROW EXCLUSIVE MODE")
        try:
            own_tables = [table for table in _tables(cursor, schema) if table != _SEQUENCES]
            changed = sorted({*_filled(cursor), *own_tables})
            # Append-only tables refuse this; a replica's triggers do not fire.
            steps = ["SET LOCAL session_replication_role = replica"]
            steps += [f'DELETE FROM public."{table}"' for table in changed]
            steps += [
                f'INSERT INTO public."{table}" SELECT * FROM {schema}."{table}"'
                for table in own_tables
            ]
            steps.append(
                "SELECT setval(format('public.%I', sequencename), coalesce(last_value, 1),"
                f" last_value IS NOT NULL) FROM {schema}.{_SEQUENCES}"
            )
            cursor.execute("; ".join(steps))
        except BaseException:
            cursor.execute("ROLLBACK")
            raise
        cursor.execute("COMMIT")


def _tables(cursor: Any, schema: str) -> list[str]:
    cursor.execute(
        "SELECT tablename FROM pg_tables WHERE schemaname = %s ORDER BY tablename", [schema]
    )
    return [row[0] for row in cursor.fetchall() if row[0] not in _SCHEMA_TABLES]


def _filled(cursor: Any) -> list[str]:
    """The tables with rows in them."""
    cursor.execute(
        " UNION ALL ".join(
            f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM public.\"{table}\")"
            for table in _tables(cursor, "public")
        )
    )
    return [row[0] for row in cursor.fetchall()]


def _forget() -> None:
    """Let go of what this process, the cache and the broker remember of the other world."""
    clock.forget()
    onboarding.forget_credentials()
    workbench.forget_switches()
    wsgi_fast_path.forget()
    if not settings.REDIS_URL:
        cache.clear()
        return
    # Not a flush: the broker keeps its bindings in the same place.
    server = redis.Redis.from_url(settings.REDIS_URL)
    stale = [*server.scan_iter(match=":1:*", count=1000), *_QUEUES]
    server.delete(*stale)
