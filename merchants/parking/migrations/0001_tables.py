"""The tables of merchants.parking."""

import django.db.models.deletion
from django.db import migrations, models

from config.kernel import clock, ids


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("onboarding", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="Vehicle",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("user_id", models.UUIDField(db_index=True)),
                ("plate", models.CharField(max_length=12)),
                ("agreement_id", models.UUIDField()),
                ("registered_at", models.DateTimeField(default=clock.now)),
                ("removed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "merchant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="onboarding.merchant",
                    ),
                ),
            ],
            options={
                "ordering": ("-registered_at", "-id"),
            },
        ),
        migrations.CreateModel(
            name="Stay",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("ENTERED", "ENTERED"),
                            ("PRICED", "PRICED"),
                            ("PAID", "PAID"),
                            ("UNPAID_EXIT", "UNPAID_EXIT"),
                        ],
                        default="ENTERED",
                        max_length=11,
                    ),
                ),
                ("amount_minor", models.BigIntegerField(blank=True, null=True)),
                ("payment_id", models.UUIDField(blank=True, null=True)),
                ("refusal", models.CharField(blank=True, db_default="", max_length=64)),
                ("entered_at", models.DateTimeField(default=clock.now)),
                ("exited_at", models.DateTimeField(blank=True, null=True)),
                (
                    "vehicle",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stays",
                        to="parking.vehicle",
                    ),
                ),
            ],
            options={
                "verbose_name": "parking stay",
                "ordering": ("-entered_at", "-id"),
            },
        ),
        migrations.AddConstraint(
            model_name="vehicle",
            constraint=models.UniqueConstraint(
                condition=models.Q(("removed_at__isnull", True)),
                fields=("plate", "merchant"),
                name="vehicle_one_agreement",
            ),
        ),
        migrations.AddConstraint(
            model_name="stay",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["ENTERED", "PRICED"])),
                fields=("vehicle",),
                name="stay_one_inside",
            ),
        ),
    ]
