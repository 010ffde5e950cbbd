"""Database triggers: refuse changes of permissions that go around the use cases.

The guard in `guard.py` stands before Django's model saves. A bulk update, a statement typed
into a shell or another program's connection passes it by; the triggers here do not let it:
what makes, changes or removes an operator, a role or a right is refused unless the statement
runs under an authority. On PostgreSQL the authority is a setting of the transaction
(`saoma.authority`), on SQLite a function of our own connections; a connection that is not
ours has no such function, and is refused as well.

Whoever owns the tables can drop a trigger: `verify_audit` says which one is missing.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from django.apps import AppConfig
from django.db import DatabaseError, connection, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

PREFIX = "saoma_power"
SETTING = "saoma.authority"
FUNCTION = "saoma_authority"
REFUSAL = "what operators are and may do is changed by approved requests only"
USERS, PERMISSIONS = "auth_user", "auth_permission"
ROLES = "auth_group"
FACTORS, CODES = "access_secondfactor", "access_recoverycode"
# Who holds which role or right: no row of these moves by itself.
GRANTS = ("auth_user_groups", "auth_user_user_permissions", "auth_group_permissions")
# INSERT OR REPLACE removes a row without a DELETE on SQLite: an INSERT there looks first.
REPLACED = {
    USERS: "(id = NEW.id OR username = NEW.username) AND (is_staff OR is_superuser)",
    PERMISSIONS: "id = NEW.id",
    ROLES: "id = NEW.id",
}
_POWER = ("id", "username", "password", "is_active", "is_staff", "is_superuser")
_FACTOR = ("id", "operator_id", "sealed_secret", "confirmed_at")
_POSTGRESQL_FUNCTION = f"""
CREATE OR REPLACE FUNCTION saoma_refuse_power() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF coalesce(current_setting('{SETTING}', true), '') = '' THEN
        RAISE EXCEPTION '% on %: {REFUSAL}', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END $$
"""


@contextmanager
def marked(actor: str) -> Iterator[None]:
    """Let the block's statements change operators, in one transaction.

    Args:
        actor: on whose word; not empty.
    """
    if connection.vendor != "postgresql":
        # SQLite's triggers ask the function that `register` gave the connection.
        yield
        return
    with ExitStack() as stack:
        if not connection.in_atomic_block:
            stack.enter_context(transaction.atomic())
        before = _mark(actor)
        try:
            yield
        finally:
            _unmark(before)


def register(connection: BaseDatabaseWrapper, actor: Callable[[], str]) -> None:
    """Give a new connection to SQLite the function by which triggers ask for the authority."""
    if connection.vendor == "sqlite":
        connection.connection.create_function(FUNCTION, 0, actor)


def install(sender: AppConfig, using: str, **_: Any) -> None:
    """Make the triggers that are missing; a receiver of `post_migrate`, safe to repeat."""
    connection = connections[using]
    if CODES not in connection.introspection.table_names():
        return  # in the middle of the migrations
    present = _present(connection)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_POSTGRESQL_FUNCTION)
        for name, statement in statements(connection.vendor).items():
            if name not in present:
                cursor.execute(statement)


def missing() -> Iterator[str]:
    """A line for each trigger that is not there; what `verify_audit` asks."""
    present = _present(connection)
    for name in statements(connection.vendor):
        if name not in present:
            yield f"the trigger {name}, which guards operators, is missing"


def statements(vendor: str) -> dict[str, str]:
    """Every trigger by name, as SQL."""
    if vendor == "postgresql":
        return dict(_postgresql())
    return dict(_sqlite())


def _postgresql() -> Iterator[tuple[str, str]]:
    for (table, event), condition in _rules("IS DISTINCT FROM").items():
        yield _one(table, event, f"ROW WHEN ({condition})")
    for table in (USERS, PERMISSIONS, ROLES, *GRANTS, FACTORS, CODES):
        yield _one(table, "TRUNCATE", "STATEMENT")


def _one(table: str, event: str, level: str) -> tuple[str, str]:
    name = f"{PREFIX}_{event.lower()}_{table}"
    trigger = f'CREATE TRIGGER "{name}" BEFORE {event} ON "{table}" FOR EACH {level}'
    return name, f"{trigger} EXECUTE FUNCTION saoma_refuse_power()"


def _sqlite() -> Iterator[tuple[str, str]]:
    conditions = _rules("IS NOT")
    for table, collision in REPLACED.items():
        # The names are those of Django's own tables.
        replaces = f"EXISTS (SELECT 1 FROM {table} WHERE {collision})"  # noqa: S608
        inserts = conditions.get((table, "INSERT"), "false")
        conditions[table, "INSERT"] = f"{inserts} OR {replaces}"
    for (table, event), condition in conditions.items():
        name = f"{PREFIX}_{event.lower()}_{table}"
        refusal = f"SELECT RAISE(ABORT, '{table}: {REFUSAL}') WHERE {FUNCTION}() = ''"
        trigger = f'CREATE TRIGGER "{name}" BEFORE {event} ON "{table}" WHEN {condition}'
        yield name, f"{trigger} BEGIN {refusal}; END"


def _rules(differs: str) -> dict[tuple[str, str], str]:
    """What is guarded: table and event, and which rows of it."""
    whose = "OLD.is_staff OR OLD.is_superuser OR NEW.is_staff OR NEW.is_superuser"
    return {
        (USERS, "INSERT"): "NEW.is_staff OR NEW.is_superuser",
        (USERS, "UPDATE"): f"({whose}) AND ({_changes(_POWER, differs)})",
        (USERS, "DELETE"): "OLD.is_staff OR OLD.is_superuser",
        # A new right or role gives nobody anything; another meaning of one that is held does.
        (PERMISSIONS, "UPDATE"): _changes(("id", "codename", "content_type_id"), differs),
        (PERMISSIONS, "DELETE"): "true",
        (ROLES, "UPDATE"): _changes(("id", "name"), differs),
        (ROLES, "DELETE"): "true",
        (FACTORS, "INSERT"): "true",
        # A code that was used stays used.
        (FACTORS, "UPDATE"): _changes(_FACTOR, differs) + " OR NEW.last_step < OLD.last_step",
        (FACTORS, "DELETE"): "true",
        (CODES, "INSERT"): "true",
        (CODES, "UPDATE"): _changes(("id", "operator_id", "digest"), differs)
        + " OR OLD.used_at IS NOT NULL",
        (CODES, "DELETE"): "true",
        **{(table, event): "true" for table in GRANTS for event in ("INSERT", "UPDATE", "DELETE")},
    }


def _changes(columns: tuple[str, ...], differs: str) -> str:
    return " OR ".join(f"OLD.{column} {differs} NEW.{column}" for column in columns)


def _mark(actor: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting(%s, true), set_config(%s, %s, true)", [SETTING, SETTING, actor]
        )
        row = cursor.fetchone()
    return str(row[0] or "") if row else ""


def _unmark(before: str) -> None:
    """Put the setting back; a transaction that failed takes it along when it is undone."""
    if connection.needs_rollback:
        return
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config(%s, %s, true)", [SETTING, before])
    except DatabaseError:
        return


def _present(connection: BaseDatabaseWrapper) -> set[str]:
    query = (
        "SELECT tgname FROM pg_trigger WHERE tgname LIKE %s AND tgenabled = 'O'"
        if connection.vendor == "postgresql"
        else "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE %s"
    )
    with connection.cursor() as cursor:
        cursor.execute(query, [f"{PREFIX}%"])
        return {row[0] for row in cursor.fetchall()}
