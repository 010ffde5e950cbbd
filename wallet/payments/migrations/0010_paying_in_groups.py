"""Payments by code are looked up and paid many at a time, where the database is PostgreSQL.

`payments_pay` stays for processes of the version before; the next version drops it.
"""

from pathlib import Path

from django.db import migrations

from config.kernel.migration_sql import run_sql_file

HERE = Path(__file__).parent


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0009_delayed_transfers"),
        ("ledger", "0004_value_dates"),
    ]

    operations = [
        run_sql_file(
            HERE / "paying_in_groups.sql", HERE / "paying_in_groups_undo.sql", vendor="postgresql"
        ),
    ]
