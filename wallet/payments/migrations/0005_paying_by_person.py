"""A payer's history keeps no day; paying in one call counts by the person."""

import datetime
from pathlib import Path

from django.db import migrations, models

from config.kernel.migration_sql import run_sql_file

HERE = Path(__file__).parent


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0004_limits_of_persons"),
    ]

    operations = [
        # With a default, so that going back finds something to put in.
        migrations.AlterField(
            model_name="payeractivity",
            name="day",
            field=models.DateField(default=datetime.date.min),
        ),
        migrations.RemoveField(model_name="payeractivity", name="day"),
        migrations.RemoveField(model_name="payeractivity", name="day_no_pin_minor"),
        migrations.RemoveField(model_name="payeractivity", name="day_pin_minor"),
        migrations.RemoveField(model_name="payeractivity", name="day_offline_minor"),
        migrations.RemoveField(model_name="payeractivity", name="day_static_minor"),
        run_sql_file(
            HERE / "paying_by_person.sql", HERE / "paying_by_person_undo.sql", vendor="postgresql"
        ),
    ]
