"""The database itself refuses to change or remove audit rows."""

from pathlib import Path

from django.db import migrations

from config.kernel.migration_sql import run_sql_file

SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):
    """Triggers on PostgreSQL and SQLite."""

    dependencies = (("audit", "0001_audit_chain"),)
    operations = [
        run_sql_file(
            SQL / f"append_only.{vendor}.sql",
            SQL / f"append_only.{vendor}.reverse.sql",
            vendor=vendor,
        )
        for vendor in ("postgresql", "sqlite")
    ]
