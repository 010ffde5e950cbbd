"""A database of the scenarios' own, so that a run touches nobody's world.

It is migrated once for each state of the product's migrations; between two scenarios the
empty one is put back (`lab.snapshots`). On PostgreSQL it is a database beside the configured
one and named after it, whose role must be allowed to make it.
"""

import contextlib
import functools
import hashlib
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from config.kernel import ids
from lab import snapshots
from merchants.onboarding.models import Merchant

EMPTY = "empty"
_LONGEST_NAME = 63


@contextlib.contextmanager
def scratch_database() -> Iterator[None]:
    """Work on a scratch database, in a data folder of its own, for the block."""
    usual = settings.DATA_DIR, settings.SAOMA_AUDIT_DIR, settings.OUTBOX_KICK
    usual_name = str(connection.settings_dict["NAME"])
    folder = Path(settings.DATA_DIR) / "scenarios" / state()
    folder.mkdir(parents=True, exist_ok=True)
    connection.close()
    with tempfile.TemporaryDirectory(prefix="saoma-scenarios-") as data:
        settings.DATA_DIR = Path(data)
        settings.SAOMA_AUDIT_DIR = str(Path(data) / "audit")
        settings.OUTBOX_KICK = False
        try:
            _open(folder)
            yield
        finally:
            _close()
            connection.settings_dict["NAME"] = usual_name
            settings.DATA_DIR, settings.SAOMA_AUDIT_DIR, settings.OUTBOX_KICK = usual
            ids.draw_from(None)


def empty() -> None:
    """Put the scratch database back as migrations left it."""
    shutil.rmtree(Path(settings.DATA_DIR) / "sandbox", ignore_errors=True)
    snapshots.put_back(EMPTY)


def lend_empty(data: Path) -> None:
    """Keep a database that is only migrated as the template of scenarios of another data folder.

    It saves them the migrations. Only on SQLite; one in which anybody lives already is left alone.
    """
    template = data / "scenarios" / state() / "empty.sqlite3"
    if connection.vendor != "sqlite" or template.exists() or Merchant.objects.exists():
        return
    template.parent.mkdir(parents=True, exist_ok=True)
    connection.ensure_connection()
    copy = sqlite3.connect(template)
    try:
        connection.connection.backup(copy)
    finally:
        copy.close()


def _open(folder: Path) -> None:
    if connection.vendor == "sqlite":
        template = folder / "empty.sqlite3"
        own = Path(settings.DATA_DIR) / "scenarios.sqlite3"
        connection.settings_dict["NAME"] = str(own)
        if not template.exists():
            call_command("migrate", verbosity=0, interactive=False)
            snapshots.keep(EMPTY)
            shutil.copyfile(Path(settings.DATA_DIR) / "snapshots" / f"{EMPTY}.sqlite3", template)
        else:
            shutil.copyfile(template, own)
            snapshots.keep(EMPTY)
        return
    usual = str(connection.settings_dict["NAME"])
    name = f"{usual}_scenarios_{state()[:12]}"[-_LONGEST_NAME:]
    maker: Any = connection
    with maker._nodb_cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if cursor.fetchone() is None:
            cursor.execute(f'CREATE DATABASE "{name}"')
    connection.settings_dict["NAME"] = name
    if EMPTY in snapshots.names():
        snapshots.put_back(EMPTY)
    else:
        call_command("migrate", verbosity=0, interactive=False)
        snapshots.keep(EMPTY)


def _close() -> None:
    if connection.vendor == "postgresql":
        with contextlib.suppress(snapshots.SnapshotUnknown):
            snapshots.put_back(EMPTY)
    connection.close()


@functools.cache
def state() -> str:
    """A digest of the migrations there are."""
    names = sorted(map(str, MigrationLoader(None).disk_migrations))
    return hashlib.sha256("\n".join(names).encode()).hexdigest()[:20]
