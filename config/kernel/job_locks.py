"""One run of a job at a time, whichever worker has it.

A lock that ends with its holder, so that a killed worker blocks nobody: on PostgreSQL an
advisory lock of the session, on SQLite, whose workers share a machine, a lock on a file.
Workers therefore need sessions of their own: a pooler in front of them pools by session.
"""

import fcntl
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection

# First half of the advisory key: "saoma jobs", so that no other use of such locks meets ours.
_SPACE = 0x5A0A


@contextmanager
def held(name: str) -> Iterator[bool]:
    """Hold the lock of one job for the block; yields False at once where another holds it."""
    on_server = connection.vendor == "postgresql"
    with _on_postgres(name) if on_server else _on_file(name) as is_ours:
        yield is_ours


@contextmanager
def _on_postgres(name: str) -> Iterator[bool]:
    key = [_SPACE, int.from_bytes(hashlib.sha256(name.encode()).digest()[:4], signed=True)]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", key)
        row = cursor.fetchone()
    if not (row and row[0]):
        yield False
        return
    session = connection.connection
    try:
        yield True
    finally:
        # A session that broke meanwhile took its lock with it.
        if connection.connection is session and connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", key)


@contextmanager
def _on_file(name: str) -> Iterator[bool]:
    folder = Path(settings.DATA_DIR) / "run" / "jobs"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{name}.lock").open("w", encoding="ascii") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True
