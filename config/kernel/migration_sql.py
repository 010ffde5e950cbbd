"""SQL kept in files beside the migrations that run it."""

from collections.abc import Callable
from pathlib import Path

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def run_sql_file(
    path: Path | str, reverse_path: Path | str | None = None, *, vendor: str
) -> migrations.RunPython:
    """A migration step that runs a file on one kind of database and nothing on others.

    Args:
        path: the file with the forward SQL.
        reverse_path: the file that undoes it; without one, going back does nothing.
        vendor: "postgresql" or "sqlite".
    """
    return migrations.RunPython(
        _runner(Path(path), vendor),
        _runner(Path(reverse_path), vendor) if reverse_path else migrations.RunPython.noop,
    )


def _runner(path: Path, vendor: str) -> Callable[[Apps, BaseDatabaseSchemaEditor], None]:
    def run(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
        connection = schema_editor.connection
        if connection.vendor != vendor:
            return
        text = path.read_text(encoding="utf-8")
        with connection.cursor() as cursor:
            if vendor == "sqlite":
                for statement in _sqlite_statements(text):
                    cursor.execute(statement)
            else:
                cursor.execute(text)

    return run


def _sqlite_statements(text: str) -> list[str]:
    """Split a file at lines that hold only `;;` (trigger bodies hold semicolons)."""
    return [part.strip() for part in text.split("\n;;") if part.strip()]
