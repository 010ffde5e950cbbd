"""A vote cannot name another maker than its request's (PostgreSQL)."""

from pathlib import Path

from django.db import migrations

from config.kernel.migration_sql import run_sql_file

HERE = Path(__file__).parent


class Migration(migrations.Migration):
    """Ties a vote's pair of request and maker to the request itself."""

    dependencies = [("approvals", "0001_approval_tables")]

    operations = [
        run_sql_file(
            HERE / "votes_name_the_maker.sql",
            HERE / "votes_name_the_maker_reverse.sql",
            vendor="postgresql",
        )
    ]
