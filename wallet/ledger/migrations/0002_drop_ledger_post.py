"""Posting from one JSON document, which only tests did; a database made anew never had it."""

from pathlib import Path

from django.db import migrations

from config.kernel.migration_sql import run_sql_file


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_tables")]

    operations = [
        run_sql_file(Path(__file__).parent / "drop_ledger_post.sql", vendor="postgresql"),
    ]
