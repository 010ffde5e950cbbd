"""The database's own guards of the books, and posting in one round trip."""

from pathlib import Path

from django.db import migrations

from config.kernel.migration_sql import run_sql_file

HERE = Path(__file__).parent


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_ledger_tables")]

    operations = [
        run_sql_file(
            HERE / "guards_postgresql.sql",
            HERE / "guards_postgresql_undo.sql",
            vendor="postgresql",
        ),
        run_sql_file(HERE / "guards_sqlite.sql", HERE / "guards_sqlite_undo.sql", vendor="sqlite"),
        run_sql_file(HERE / "posting.sql", HERE / "posting_undo.sql", vendor="postgresql"),
    ]
