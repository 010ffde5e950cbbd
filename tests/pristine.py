"""Put the database back as migrations left it, after a test that really committed.

Django's own flush empties every table; that would take the chart of accounts with it, and
the books' triggers refuse it anyway. SQLite gets its file back as it was; PostgreSQL is
truncated and gets back the rows that migrations had made.
"""

import sqlite3

from django.db import connection

_kept = sqlite3.connect(":memory:", check_same_thread=False)
_SCHEMA = "pristine"


def keep() -> None:
    """Remember the database as it is now."""
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        connection.connection.backup(_kept)
        return
    with connection.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA IF EXISTS {_SCHEMA} CASCADE; CREATE SCHEMA {_SCHEMA}")
        for table in _tables():
            cursor.execute(f'SELECT EXISTS (SELECT 1 FROM "{table}")')
            if cursor.fetchone()[0]:
                cursor.execute(f'CREATE TABLE {_SCHEMA}."{table}" AS TABLE public."{table}"')


def restore() -> None:
    """Bring the remembered database back."""
    if connection.vendor == "sqlite":
        connection.close()
        connection.ensure_connection()
        _kept.backup(connection.connection)
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = %s", [_SCHEMA]
        )
        kept = [row[0] for row in cursor.fetchall()]
        names = ", ".join(f'"{table}"' for table in _tables())
        refill = [
            f'INSERT INTO public."{table}" SELECT * FROM {_SCHEMA}."{table}"' for table in kept
        ]
        # Append-only tables refuse TRUNCATE; a replica's triggers do not fire.
        before = ["BEGIN", "SET LOCAL session_replication_role = replica"]
        cursor.execute("; ".join([*before, f"TRUNCATE {names} CASCADE", *refill, "COMMIT"]))


def _tables() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
            " AND tablename <> 'django_migrations' ORDER BY tablename"
        )
        return [row[0] for row in cursor.fetchall()]
