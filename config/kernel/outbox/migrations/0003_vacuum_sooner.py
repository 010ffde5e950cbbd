"""The queues' indexes stay small however large the table of events is."""

from pathlib import Path

from django.db import migrations

from config.kernel.migration_sql import run_sql_file

HERE = Path(__file__).parent


class Migration(migrations.Migration):
    dependencies = [("outbox", "0002_pulse")]

    operations = [
        run_sql_file(
            HERE / "vacuum_sooner.sql",
            reverse_path=HERE / "vacuum_sooner_undo.sql",
            vendor="postgresql",
        ),
    ]
