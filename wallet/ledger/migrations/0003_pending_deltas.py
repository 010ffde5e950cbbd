"""Pending deltas have their own name in tables and in posting, whose functions are made anew."""

from pathlib import Path

from django.db import migrations

from config.kernel.migration_sql import run_sql_file

HERE = Path(__file__).parent


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_drop_ledger_post")]

    operations = [
        migrations.RenameModel("UnfoldedAmount", "PendingDelta"),
        migrations.AlterModelTable("pendingdelta", "ledger_pending_delta"),
        run_sql_file(HERE / "posting_undo.sql", vendor="postgresql"),
        run_sql_file(HERE / "posting.sql", vendor="postgresql"),
    ]
