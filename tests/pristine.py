"""Put the database back as migrations left it, after a test that really committed.

Django's own flush empties every table; that would take the chart of accounts with it, and
the books' triggers refuse it anyway. SQLite gets its file back as it was; PostgreSQL is
emptied and gets back the rows that migrations had made.
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
        cursor.execute(_filled(_tables()))
        filled = [row[0] for row in cursor.fetchall()]
        cursor.execute(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = %s", [_SCHEMA]
        )
        kept = [row[0] for row in cursor.fetchall()]
        # Append-only tables refuse this; a replica's triggers do not fire. A few rows are
        # deleted in milliseconds; truncating every table makes thousands of files anew.
        steps = ["BEGIN", "SET LOCAL session_replication_role = replica"]
        steps += [f'DELETE FROM public."{table}"' for table in sorted({*filled, *kept})]
        steps += [
            f'INSERT INTO public."{table}" SELECT * FROM {_SCHEMA}."{table}"' for table in kept
        ]
        cursor.execute("; ".join([*steps, "COMMIT"]))


def _filled(tables: list[str]) -> str:
    """The query that names the tables with rows in them."""
    return " UNION ALL ".join(
        f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM public.\"{table}\")" for table in tables
    )


def _tables() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
            " AND tablename <> 'django_migrations' ORDER BY tablename"
        )
        return [row[0] for row in cursor.fetchall()]
