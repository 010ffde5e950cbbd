"""The tables of config.kernel."""

from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [
        ("kernel", "0001_world_clock"),
        ("kernel", "0002_master_key_canary"),
        ("kernel", "0003_clock_rate"),
        ("kernel", "0004_derivation_key"),
    ]

    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="WorldClock",
            fields=[
                (
                    "id",
                    models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False),
                ),
                (
                    "offset_us",
                    models.BigIntegerField(default=0, help_text="microseconds ahead of the system"),
                ),
                (
                    "anchor_us",
                    models.BigIntegerField(
                        default=0,
                        help_text="system time since the epoch from which the rate counts",
                    ),
                ),
                (
                    "rate",
                    models.PositiveIntegerField(
                        default=1000, help_text="thousandths of the system's pace; 0 stands still"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("id", 1)), name="kernel_one_world_clock"
                    )
                ]
            },
        ),
        migrations.CreateModel(
            name="MasterKeyCanary",
            fields=[
                (
                    "id",
                    models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False),
                ),
                ("sealed", models.BinaryField()),
                ("derived", models.BinaryField(default=b"")),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="kernel_one_canary")
                ]
            },
        ),
    ]
