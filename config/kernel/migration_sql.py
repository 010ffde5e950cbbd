"""SQL kept in files beside the migrations that run it."""

from pathlib import Path

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState


class RunSqlFile(Operation):
    """A step that runs a file on one kind of database and nothing on others.

    Not RunPython: that makes every model of the project anew before it runs, which was half
    a second for each of these files.
    """

    reduces_to_sql = False

    def __init__(self, path: Path, reverse_path: Path | None, *, vendor: str) -> None:
        self.path = path
        self.reverse_path = reverse_path
        self.vendor = vendor

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Files change no model."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Run the file."""
        self._run(self.path, schema_editor)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Run the file that undoes it; without one, going back does nothing."""
        if self.reverse_path is not None:
            self._run(self.reverse_path, schema_editor)

    def describe(self) -> str:
        """The step as `migrate --plan` shows it."""
        return f"Run {self.path.name} on {self.vendor}"

    def _run(self, path: Path, schema_editor: BaseDatabaseSchemaEditor) -> None:
        connection = schema_editor.connection
        if connection.vendor != self.vendor:
            return
        text = path.read_text(encoding="utf-8")
        with connection.cursor() as cursor:
            if self.vendor == "sqlite":
                for statement in _sqlite_statements(text):
                    cursor.execute(statement)
            else:
                cursor.execute(text)


def run_sql_file(
    path: Path | str, reverse_path: Path | str | None = None, *, vendor: str
) -> RunSqlFile:
    """A migration step that runs a file on one kind of database and nothing on others.

    Args:
        path: the file with the forward SQL.
        reverse_path: the file that undoes it; without one, going back does nothing.
        vendor: "postgresql" or "sqlite".
    """
    return RunSqlFile(Path(path), Path(reverse_path) if reverse_path else None, vendor=vendor)


def _sqlite_statements(text: str) -> list[str]:
    """Split a file at lines that hold only `;;` (trigger bodies hold semicolons)."""
    return [part.strip() for part in text.split("\n;;") if part.strip()]
