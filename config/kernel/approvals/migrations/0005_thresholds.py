"""Thresholds as rows that two operators set."""

import django.db.models.deletion
from django.db import migrations, models

import config.kernel.clock


class Migration(migrations.Migration):
    dependencies = [
        ("approvals", "0004_tamper_proof"),
    ]

    operations = [
        migrations.CreateModel(
            name="ThresholdVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=64)),
                ("value", models.BigIntegerField()),
                ("set_at", models.DateTimeField(default=config.kernel.clock.now)),
                (
                    "request",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="threshold",
                        to="approvals.approvalrequest",
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
                "indexes": [models.Index(fields=["name", "-id"], name="approvals_threshold")],
            },
        ),
    ]
