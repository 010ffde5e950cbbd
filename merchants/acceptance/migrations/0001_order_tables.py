"""The tables of merchants.acceptance."""

import django.core.serializers.json
from django.db import migrations, models

from config.kernel import clock, ids


class Migration(migrations.Migration):
    initial = True

    dependencies = [("onboarding", "0001_tables")]

    operations = [
        migrations.CreateModel(
            name="Order",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("token", models.CharField(max_length=26, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[("DYNAMIC", "DYNAMIC"), ("STATIC", "STATIC")], max_length=7
                    ),
                ),
                ("reference", models.CharField(max_length=64)),
                ("description", models.CharField(max_length=256)),
                ("amount_minor", models.BigIntegerField(blank=True, null=True)),
                ("currency", models.CharField(max_length=3)),
                ("store_code", models.CharField(blank=True, max_length=32)),
                ("till_code", models.CharField(blank=True, max_length=32)),
                (
                    "details",
                    models.JSONField(
                        default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder
                    ),
                ),
                ("created_at", models.DateTimeField(default=clock.now)),
                ("code_expires_at", models.DateTimeField()),
                ("pay_expires_at", models.DateTimeField()),
                ("scanned_by", models.UUIDField(blank=True, null=True)),
                ("scanned_at", models.DateTimeField(blank=True, null=True)),
                ("payment_id", models.UUIDField(blank=True, null=True)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "merchant",
                    models.ForeignKey(
                        on_delete=models.PROTECT, related_name="orders", to="onboarding.merchant"
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
                "constraints": [
                    models.UniqueConstraint(fields=("merchant", "reference"), name="order_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("amount_minor__gt", 0), ("amount_minor__isnull", True), _connector="OR"
                        ),
                        name="order_amount_above_zero",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind", "STATIC"), ("amount_minor__isnull", False), _connector="OR"
                        ),
                        name="order_dynamic_has_an_amount",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("payment_id__isnull", True),
                            models.Q(
                                ("amount_minor__isnull", False), ("scanned_by__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="order_payment_has_a_scanner",
                    ),
                ],
            },
        )
    ]
