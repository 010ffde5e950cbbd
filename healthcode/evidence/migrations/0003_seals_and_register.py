"""Evidence carries a keyed seal, and a register of sums shows what is missing."""

from pathlib import Path

from django.db import migrations, models

from config.kernel.migration_sql import run_sql_file

SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):
    """Rows that are there keep an empty seal: they are written once. The register has them."""

    dependencies = (("health_evidence", "0002_append_only"),)
    operations = [
        migrations.AddField(
            model_name="evidence",
            name="seal",
            field=models.CharField(default="", editable=False, max_length=64),
        ),
        migrations.CreateModel(
            name="Register",
            fields=[
                ("part", models.PositiveSmallIntegerField(primary_key=True, serialize=False)),
                ("version", models.PositiveBigIntegerField(default=0)),
                ("rows", models.BigIntegerField(default=0)),
                ("total", models.CharField(max_length=64)),
                ("hash", models.CharField(max_length=64)),
            ],
            options={"db_table": "health_register"},
        ),
        # SQLite has written the table anew by now, and lost its trigger.
        run_sql_file(
            SQL / "append_only.sqlite.sql",
            SQL / "append_only.sqlite.reverse.sql",
            vendor="sqlite",
        ),
    ]
