"""The test database, copied from a template instead of migrated anew for each process.

The template is what all migrations make of an empty database. It is made once for each
state of the files that shape it, and kept: on SQLite as a file under `var/tests/`, on
PostgreSQL as a database beside the test's, whose comment says of which state it is.
"""

import contextlib
import fcntl
import hashlib
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.core.management import call_command
from django.core.management.sql import emit_post_migrate_signal
from django.db import connection

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "var" / "tests"
# Files that shape a database: migrations with their SQL and what they read.
SHAPING = (
    "migrations/**/*",
    "models.py",
    "apps.py",
    "values.py",
    "sets/**/*",
    "settings/*",
    "append_only.py",
    "power_triggers.py",
)
TOPS = ("config", "wallet", "merchants", "healthcode", "lab")


def make_test_database() -> None:
    """Make this process's test database and connect to it."""
    with _one_at_a_time():
        if connection.vendor == "sqlite":
            _copy_file()
        else:
            _copy_database()
    # Permissions and system accounts come after migrations; they may be newer than the template.
    emit_post_migrate_signal(verbosity=0, interactive=False, db="default")


def drop_test_database() -> None:
    """Remove it again."""
    connection.close()
    if connection.vendor == "sqlite":
        Path(connection.settings_dict["NAME"]).unlink(missing_ok=True)
        return
    name, connection.settings_dict["NAME"] = connection.settings_dict["NAME"], _own_name
    _run(f'DROP DATABASE IF EXISTS "{name}"')


# Django's test runner makes databases by these two, which the type stubs leave out.
_creation: Any = connection.creation
_own_name = str(connection.settings_dict["NAME"])


def _copy_file() -> None:
    template = FOLDER / f"template-{_state()}.sqlite3"
    name = str(connection.settings_dict["NAME"])
    if not template.exists():
        for outdated in FOLDER.glob("template-*"):
            outdated.unlink()
        _migrate()
        # Everything into the file itself, none of it beside in the log.
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        shutil.copyfile(name, template)
    else:
        connection.close()
        shutil.copyfile(template, name)


def _copy_database() -> None:
    name = _creation._get_test_db_name()
    template, state = f"test_{_own_name}_template"[:63], _state()
    connection.close()
    if _comment(template) != state:
        _run(f'DROP DATABASE IF EXISTS "{template}"', f'CREATE DATABASE "{template}"')
        connection.settings_dict["NAME"] = template
        _migrate()
        connection.close()
        connection.settings_dict["NAME"] = _own_name
        _run(f"COMMENT ON DATABASE \"{template}\" IS '{state}'")
    _run(f'DROP DATABASE IF EXISTS "{name}"', f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    connection.settings_dict["NAME"] = name


def _migrate() -> None:
    call_command("migrate", verbosity=0, interactive=False)


def _comment(database: str) -> str:
    with _creation._nodb_cursor() as cursor:
        cursor.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s",
            [database],
        )
        row = cursor.fetchone()
    return str(row[0]) if row else ""


def _run(*statements: str) -> None:
    with _creation._nodb_cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _state() -> str:
    """A digest of all that shapes a database."""
    digest = hashlib.sha256(f"{django.VERSION}{settings.INSTALLED_APPS}".encode())
    for top in TOPS:
        paths = {path for pattern in SHAPING for path in (ROOT / top).rglob(pattern)}
        for path in sorted(paths):
            if path.is_file() and path.suffix != ".pyc":
                digest.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes())
    return digest.hexdigest()[:20]


@contextlib.contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Parallel processes of one suite wait for the first to have made the template."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
