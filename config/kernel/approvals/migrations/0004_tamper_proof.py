"""The database itself holds the rules of requests and votes, whatever path writes a row."""

from pathlib import Path

from django.db import migrations

from config.kernel.migration_sql import run_sql_file

SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):
    """Triggers on PostgreSQL and SQLite."""

    dependencies = (("approvals", "0003_targets_and_sponsors"),)
    operations = [
        run_sql_file(
            SQL / f"tamper_proof.{vendor}.sql",
            SQL / f"tamper_proof.{vendor}.reverse.sql",
            vendor=vendor,
        )
        for vendor in ("postgresql", "sqlite")
    ]
