"""A journal of two lines in fewer statements (PostgreSQL).

Going back leaves the quicker function in place: it does the same.
"""

from pathlib import Path

from django.db import migrations

from config.kernel.migration_sql import run_sql_file


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_append_only_and_posting")]

    operations = [
        run_sql_file(Path(__file__).parent / "post_pair.sql", vendor="postgresql"),
    ]
