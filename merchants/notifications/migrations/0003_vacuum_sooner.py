"""The index of what is to be sent stays small however large the table is."""

from pathlib import Path

from django.db import migrations

from config.kernel.migration_sql import run_sql_file

HERE = Path(__file__).parent


class Migration(migrations.Migration):
    dependencies = [("gateway", "0002_lists_in_time")]

    operations = [
        run_sql_file(
            HERE / "vacuum_sooner.sql",
            reverse_path=HERE / "vacuum_sooner_undo.sql",
            vendor="postgresql",
        ),
    ]
