"""Let the clock of a lab stand still or go faster."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("kernel", "0002_master_key_canary"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="worldclock",
            name="kernel_clock_runs_ahead",
        ),
        migrations.AddField(
            model_name="worldclock",
            name="anchor_us",
            field=models.BigIntegerField(
                default=0, help_text="system time since the epoch from which the rate counts"
            ),
        ),
        migrations.AddField(
            model_name="worldclock",
            name="rate",
            field=models.PositiveIntegerField(
                default=1000, help_text="thousandths of the system's pace; 0 stands still"
            ),
        ),
    ]
