"""Payments in groups are sorted once, not by each aggregate: their functions are made anew."""

from pathlib import Path

from django.db import migrations

from config.kernel.migration_sql import run_sql_file

HERE = Path(__file__).parent


class Migration(migrations.Migration):
    dependencies = [("payments", "0004_look_up_by_number")]

    operations = [
        run_sql_file(HERE / "paying_in_groups_undo.sql", vendor="postgresql"),
        run_sql_file(HERE / "paying_in_groups.sql", vendor="postgresql"),
    ]
