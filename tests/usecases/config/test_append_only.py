"""Append-only tables: every way of changing or removing a row is refused by the database."""

import sqlite3
from collections.abc import Iterator

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.backends.sqlite3._functions import register  # type: ignore[import-untyped]

from config.kernel import append_only
from config.kernel.append_only import AppendOnly

TABLES = sorted(append_only.tables())
pytestmark = pytest.mark.django_db


def test_the_list_names_what_nobody_may_rewrite() -> None:
    assert {
        "audit_auditevent",
        "audit_auditroot",
        "health_decision",
        "health_evidence",
        "ledger_account",
        "ledger_entry",
        "ledger_journal",
        "outbox_outboxevent",
    } <= set(TABLES)


@pytest.mark.parametrize("table", TABLES)
def test_every_table_of_the_list_has_its_triggers(table: str) -> None:
    rule = append_only.tables()[table]
    wanted = {name for name, _ in append_only.statements(connection, table, rule)}
    assert {name for owner, name in append_only._present(connection) if owner == table} == wanted


@pytest.mark.postgres
@pytest.mark.parametrize("table", TABLES)
def test_truncate_is_refused(table: str) -> None:
    with (
        pytest.raises(DatabaseError, match=r"refused|append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f'TRUNCATE "{table}" CASCADE')


@pytest.fixture
def copy() -> Iterator[sqlite3.Connection]:
    """The schema alone, where a row needs no others: no foreign keys, no checks."""
    if connection.vendor != "sqlite":
        pytest.skip("SQLite's own ways")
    copied = sqlite3.connect(":memory:")

    register(copied)
    connection.ensure_connection()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'"
        )
        for (sql,) in cursor.fetchall():
            copied.execute(sql)
    copied.execute("PRAGMA ignore_check_constraints = ON")
    copied.commit()
    yield copied
    copied.close()


def one_row(copy: sqlite3.Connection, table: str) -> tuple[list[str], list[object]]:
    """Columns and values of a row that has been put in."""
    columns = [row[1:3] for row in copy.execute(f'PRAGMA table_info("{table}")')]
    names = [f'"{name}"' for name, _ in columns]
    values: list[object] = [
        1 if kind.startswith(("integer", "bigint", "small")) else "0001" for _, kind in columns
    ]
    insert(copy, "INSERT", table, names, values)
    copy.commit()
    return names, values


def insert(
    copy: sqlite3.Connection, verb: str, table: str, names: list[str], values: list[object]
) -> None:
    marks = ", ".join("?" for _ in names)
    copy.execute(f'{verb} INTO "{table}" ({", ".join(names)}) VALUES ({marks})', values)


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("verb", ["INSERT OR REPLACE", "REPLACE", "INSERT"])
def test_a_row_is_not_replaced(copy: sqlite3.Connection, verb: str, table: str) -> None:
    names, values = one_row(copy, table)
    with pytest.raises(sqlite3.IntegrityError, match="UNIQUE constraint failed"):
        insert(copy, verb, table, names, values)
    copy.rollback()
    assert copy.execute(f'SELECT count(*) FROM "{table}"').fetchone() == (1,)


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("verb", ["UPDATE", "UPDATE OR REPLACE", "UPDATE OR IGNORE"])
def test_no_column_that_is_kept_is_changed(copy: sqlite3.Connection, verb: str, table: str) -> None:
    names, _ = one_row(copy, table)
    columns = append_only.tables()[table].columns or [name.strip('"') for name in names]
    for column in columns:
        with pytest.raises(sqlite3.IntegrityError):
            copy.execute(f'{verb} "{table}" SET "{column}" = \'2\'')


@pytest.mark.parametrize("table", TABLES)
def test_a_row_is_deleted_only_where_retention_may(copy: sqlite3.Connection, table: str) -> None:
    one_row(copy, table)
    if append_only.tables()[table].deletes:
        copy.execute(f'DELETE FROM "{table}"')
        return
    with pytest.raises(sqlite3.IntegrityError):
        copy.execute(f'DELETE FROM "{table}"')


def test_triggers_that_a_rebuilt_table_has_lost_come_back_with_the_next_migration() -> None:
    names = [
        name for name, _ in append_only.statements(connection, "audit_auditroot", AppendOnly())
    ]
    with connection.cursor() as cursor:
        for name in names:
            on = ' ON "audit_auditroot"' if connection.vendor == "postgresql" else ""
            cursor.execute(f'DROP TRIGGER "{name}"{on}')
    append_only.install(sender=None, using="default")  # type: ignore[arg-type]
    present = {name for _, name in append_only._present(connection)}
    assert set(names) <= present
