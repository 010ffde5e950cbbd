"""A value date beside the entry date, and posting with it.

Additive: the column is empty where both are the same, and processes of before go on
posting without it.
"""

from pathlib import Path

from django.db import migrations, models

from config.kernel.migration_sql import run_sql_file

HERE = Path(__file__).parent


class Migration(migrations.Migration):
    dependencies = [("ledger", "0003_posting_a_pair_in_fewer_steps")]

    operations = [
        migrations.AddField("entry", "value_at", models.DateTimeField(null=True)),
        migrations.AddIndex(
            "entry",
            models.Index(
                name="ledger_entry_value_date",
                fields=["account", "value_at"],
                condition=models.Q(value_at__isnull=False),
            ),
        ),
        run_sql_file(HERE / "value_dates.sql", HERE / "value_dates_undo.sql", vendor="postgresql"),
    ]
