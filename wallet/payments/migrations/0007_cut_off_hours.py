"""Payments keep their payee's cut-off hour: their business date is fixed by it."""

from pathlib import Path

from django.db import migrations, models

from config.kernel.migration_sql import run_sql_file

HERE = Path(__file__).parent


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0006_refunds_to_banks"),
    ]

    operations = [
        migrations.AddField(
            model_name="payment",
            name="payee_cutoff_hour",
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        run_sql_file(
            HERE / "paying_by_day.sql", HERE / "paying_by_person.sql", vendor="postgresql"
        ),
    ]
