"""A payment by itself in one call: payments are paid in groups, of one too; a database made anew never had it."""

from pathlib import Path

from django.db import migrations

from config.kernel.migration_sql import run_sql_file


class Migration(migrations.Migration):
    dependencies = [("payments", "0001_tables")]

    operations = [
        run_sql_file(Path(__file__).parent / "drop_payments_pay.sql", vendor="postgresql"),
    ]
