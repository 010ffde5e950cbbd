"""A payment by code in one round trip, where the database is PostgreSQL."""

from pathlib import Path

from django.db import migrations

from config.kernel.migration_sql import run_sql_file

HERE = Path(__file__).parent


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0001_payments_tables"),
        ("ledger", "0002_append_only_and_posting"),
    ]

    operations = [
        run_sql_file(HERE / "paying.sql", HERE / "paying_undo.sql", vendor="postgresql"),
    ]
