"""Change tables as somebody would who has taken the triggers off."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import DatabaseError, connection, models, transaction

TABLES = ("audit_%", "approvals_%")
OTHER_STATUS = "REJECTED"


@contextmanager
def without_triggers() -> Iterator[None]:
    """Let the block do as it likes; everything is as it was before afterwards."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("SET LOCAL session_replication_role = replica")
            else:
                cursor.execute("PRAGMA defer_foreign_keys = ON")
                for table in TABLES:
                    cursor.execute(
                        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
                        " AND tbl_name LIKE %s",
                        [table],
                    )
                    for (name,) in cursor.fetchall():
                        cursor.execute(f'DROP TRIGGER "{name}"')
        yield
        transaction.set_rollback(True)


def lift_ledger_guards() -> None:
    """Take the ledger's triggers down; the test's transaction puts them back."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for table in ("journal", "entry"):
                cursor.execute(f"ALTER TABLE ledger_{table} DISABLE TRIGGER USER")
            return
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        for (name,) in cursor.fetchall():
            cursor.execute(f"DROP TRIGGER {name}")


def run(sql: str, *parameters: Any) -> None:
    """Change something; a statement that finds nothing to change is a mistake of the test."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        assert cursor.rowcount, f"nothing to change: {sql}"


def refused(sql: str, *parameters: Any) -> bool:
    """Whether the database refuses a statement."""
    try:
        with transaction.atomic():
            run(sql, *parameters)
    except DatabaseError:
        return True
    return False


def other_value(field: "models.Field[Any, Any]", *, key: int = 77) -> object:
    """A value of the column's kind that the row does not have; `key` for foreign keys."""
    if field.name == "status":
        return OTHER_STATUS
    if isinstance(field, models.JSONField):
        return json.dumps({"other": 1})
    if isinstance(field, models.DateTimeField):
        return "2001-01-01 00:00:00+00:00"
    if isinstance(field, models.DateField):
        return "2001-01-01"
    if isinstance(field, models.ForeignKey) and isinstance(field.target_field, models.UUIDField):
        return "0" * 32
    if isinstance(field, models.UUIDField):
        return "0" * 32
    if isinstance(field, models.BooleanField):
        return False
    if isinstance(field, models.ForeignKey):
        return key
    if isinstance(field, models.IntegerField):
        return 77
    return "another value"
