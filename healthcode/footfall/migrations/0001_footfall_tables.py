"""The tables of healthcode.footfall."""

from django.db import migrations, models

from config.kernel import clock


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Dataset",
            fields=[
                ("hour", models.DateTimeField(primary_key=True, serialize=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("OPEN", "OPEN"),
                            ("SEALED", "SEALED"),
                            ("PUBLISHED", "PUBLISHED"),
                        ],
                        default="OPEN",
                        max_length=9,
                    ),
                ),
                ("epsilon_milli", models.PositiveIntegerField(default=0)),
                ("sealed_at", models.DateTimeField(null=True)),
                ("published_at", models.DateTimeField(null=True)),
            ],
            options={"db_table": "health_footfall_dataset", "ordering": ("-hour",)},
        ),
        migrations.CreateModel(
            name="PrivacyAccount",
            fields=[
                ("day", models.DateField(primary_key=True, serialize=False)),
                ("limit_milli", models.PositiveIntegerField()),
                ("spent_milli", models.PositiveIntegerField(default=0)),
                ("opened_at", models.DateTimeField(default=clock.now, editable=False)),
            ],
            options={
                "db_table": "health_privacy_account",
                "ordering": ("-day",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("spent_milli__lte", models.F("limit_milli"))),
                        name="health_privacy_is_not_overspent",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Cell",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("area", models.CharField(max_length=6)),
                ("count", models.PositiveIntegerField()),
                (
                    "dataset",
                    models.ForeignKey(
                        on_delete=models.CASCADE, related_name="cells", to="health_footfall.dataset"
                    ),
                ),
            ],
            options={
                "db_table": "health_footfall_cell",
                "ordering": ("area",),
                "constraints": [
                    models.UniqueConstraint(fields=("dataset", "area"), name="health_one_cell")
                ],
            },
        ),
    ]
