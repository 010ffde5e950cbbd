"""The look-up of payments names the customer's number by its new column: its functions are made anew."""

from pathlib import Path

from django.db import migrations

from config.kernel.migration_sql import run_sql_file

HERE = Path(__file__).parent


class Migration(migrations.Migration):
    dependencies = [("payments", "0003_lists_in_time"), ("accounts", "0002_numbers")]

    operations = [
        run_sql_file(HERE / "paying_in_groups_undo.sql", vendor="postgresql"),
        run_sql_file(HERE / "paying_in_groups.sql", vendor="postgresql"),
    ]
