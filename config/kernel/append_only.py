"""Tables whose rows are written once: the database itself refuses what would change them.

A model says so with `append_only = AppendOnly(...)`; that is the one list. The triggers are
made after every migration, because SQLite drops a table's triggers when it rebuilds the
table. They refuse UPDATE and DELETE and the ways around these two: TRUNCATE on PostgreSQL,
and on SQLite INSERT OR REPLACE, which removes a row without asking its delete triggers.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import AppConfig, apps
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model

PREFIX = "saoma_kept"
_FUNCTION = """
CREATE OR REPLACE FUNCTION saoma_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% on % is refused: its rows are written once', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$
"""


@dataclass(frozen=True, slots=True)
class AppendOnly:
    """What is refused beside TRUNCATE and REPLACE.

    Args:
        columns: the columns that never change; none named means all of them.
        deletes: whether rows may be deleted one by one, where a retention ends.
    """

    columns: tuple[str, ...] = ()
    deletes: bool = False


def tables() -> dict[str, AppendOnly]:
    """Every table of the list by name, with what it refuses."""
    return {
        model._meta.db_table: rule
        for model in apps.get_models()
        if (rule := rule_of(model)) is not None
    }


def rule_of(model: type[Model]) -> AppendOnly | None:
    """What a model says of itself; None where its rows may change."""
    rule = getattr(model, "append_only", None)
    return rule if isinstance(rule, AppendOnly) else None


def install(sender: AppConfig, using: str, **_: Any) -> None:
    """Make the triggers that are missing; a receiver of `post_migrate`, safe to repeat."""
    connection = connections[using]
    present = _present(connection)
    existing = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_FUNCTION)
        for table, rule in tables().items():
            if table not in existing:
                continue
            for name, statement in statements(connection, table, rule):
                if (table, name) not in present:
                    cursor.execute(statement)


def statements(
    connection: BaseDatabaseWrapper, table: str, rule: AppendOnly
) -> Iterator[tuple[str, str]]:
    """The triggers of one table: name and SQL."""
    if connection.vendor == "postgresql":
        yield from _postgresql(table, rule)
    else:
        yield from _sqlite(connection, table, rule)


def _postgresql(table: str, rule: AppendOnly) -> Iterator[tuple[str, str]]:
    changed = _changed(rule, "IS DISTINCT FROM")
    events = [("update", "UPDATE", f"ROW{changed}"), ("truncate", "TRUNCATE", "STATEMENT")]
    if not rule.deletes:
        events.append(("delete", "DELETE", "ROW"))
    for verb, event, level in events:
        name = f"{PREFIX}_{verb}"
        trigger = f'CREATE TRIGGER {name} BEFORE {event} ON "{table}" FOR EACH {level}'
        yield name, f"{trigger} EXECUTE FUNCTION saoma_refuse_change()"


def _sqlite(
    connection: BaseDatabaseWrapper, table: str, rule: AppendOnly
) -> Iterator[tuple[str, str]]:
    events = [("update", "UPDATE", _changed(rule, "IS NOT"))]
    if not rule.deletes:
        events.append(("delete", "DELETE", ""))
    collision = " OR ".join(
        "(" + " AND ".join(f'"{column}" = NEW."{column}"' for column in key) + ")"
        for key in _keys(connection, table)
    )
    # A second row under a key that is taken fails in any case; here it fails before REPLACE
    # has removed the first, with the words by which a taken key is known.
    # The names are those of our own tables.
    exists = f'EXISTS (SELECT 1 FROM "{table}" WHERE {collision})'  # noqa: S608
    events.append(("replace", "INSERT", f" WHEN {exists}"))
    for verb, event, condition in events:
        name = f"{PREFIX}_{verb}_{table}"
        words = "UNIQUE constraint failed: " if verb == "replace" else ""
        refusal = f"SELECT RAISE(ABORT, '{words}{table}: its rows are written once')"
        trigger = f'CREATE TRIGGER "{name}" BEFORE {event} ON "{table}"{condition}'
        yield name, f"{trigger} BEGIN {refusal}; END"


def _changed(rule: AppendOnly, differs: str) -> str:
    """The condition under which an update is refused: a row saved as it is changes nothing."""
    columns = [f'OLD."{column}" {differs} NEW."{column}"' for column in rule.columns]
    return f" WHEN ({' OR '.join(columns)})" if columns else ""


def _keys(connection: BaseDatabaseWrapper, table: str) -> list[list[str]]:
    """Columns of the primary key and of every unique index."""
    with connection.cursor() as cursor:
        cursor.execute(f'PRAGMA table_info("{table}")')
        primary = [row[1] for row in cursor.fetchall() if row[5]]
        cursor.execute(f'PRAGMA index_list("{table}")')
        unique = [row[1] for row in cursor.fetchall() if row[2]]
        keys = [primary]
        for index in unique:
            cursor.execute(f'PRAGMA index_info("{index}")')
            keys.append([row[2] for row in cursor.fetchall()])
    return [key for key in keys if key and None not in key]


def _present(connection: BaseDatabaseWrapper) -> set[tuple[str, str]]:
    """Triggers of ours that are there: table and name."""
    query = (
        "SELECT relname, tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid"
        " WHERE tgname LIKE %s"
        if connection.vendor == "postgresql"
        else "SELECT tbl_name, name FROM sqlite_master WHERE type = 'trigger' AND name LIKE %s"
    )
    with connection.cursor() as cursor:
        cursor.execute(query, [f"{PREFIX}%"])
        return {(row[0], row[1]) for row in cursor.fetchall()}
