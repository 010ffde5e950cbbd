"""The look-up behind every scan, planned once a session."""

from pathlib import Path

from django.db import migrations

from config.kernel.migration_sql import run_sql_file

SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):
    """A function on PostgreSQL; elsewhere the same join is sent as it is."""

    dependencies = (
        ("health_passes", "0002_trusted_issuers"),
        ("health_decisions", "0004_accountability"),
        ("health_subjects", "0002_guardianships"),
    )
    operations = [
        run_sql_file(
            SQL / "pass_state.postgresql.sql",
            SQL / "pass_state.postgresql.reverse.sql",
            vendor="postgresql",
        )
    ]
