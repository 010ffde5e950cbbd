"""The tables of wallet.coupons."""

import django.db.models.deletion
from django.db import migrations, models

from config.kernel import clock, ids


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Campaign",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("code", models.CharField(max_length=32)),
                ("name", models.CharField(max_length=64)),
                ("amount_minor", models.BigIntegerField()),
                ("from_minor", models.BigIntegerField()),
                ("budget_minor", models.BigIntegerField()),
                ("claimed_minor", models.BigIntegerField(db_default=0, default=0)),
                ("stacks", models.BooleanField(db_default=False, default=False)),
                ("started_at", models.DateTimeField(default=clock.now)),
                ("started_by", models.CharField(max_length=150)),
                ("ends_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("left_minor", models.BigIntegerField(db_default=0, default=0)),
            ],
            options={
                "ordering": ("-started_at", "-id"),
                "indexes": [
                    models.Index(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=["ends_at"],
                        name="campaign_due",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("code",), name="campaign_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("claimed_minor__gte", 0),
                            ("claimed_minor__lte", models.F("budget_minor")),
                        ),
                        name="campaign_within_budget",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("amount_minor__gt", 0), ("from_minor__gt", models.F("amount_minor"))
                        ),
                        name="campaign_pays_less_than_prices",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Coupon",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("user_id", models.UUIDField()),
                ("amount_minor", models.BigIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("ISSUED", "ISSUED"),
                            ("REDEEMED", "REDEEMED"),
                            ("EXPIRED", "EXPIRED"),
                            ("REFUNDED", "REFUNDED"),
                        ],
                        default="ISSUED",
                        max_length=8,
                    ),
                ),
                ("payment_id", models.UUIDField(blank=True, db_index=True, null=True)),
                ("returned_minor", models.BigIntegerField(db_default=0, default=0)),
                ("claimed_at", models.DateTimeField(default=clock.now)),
                ("spent_at", models.DateTimeField(blank=True, null=True)),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="coupons",
                        to="coupons.campaign",
                    ),
                ),
            ],
            options={
                "ordering": ("-claimed_at", "-id"),
                "constraints": [
                    models.UniqueConstraint(fields=("user_id", "campaign"), name="coupon_one_each"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("returned_minor__gte", 0),
                            ("returned_minor__lte", models.F("amount_minor")),
                        ),
                        name="coupon_returns_within",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("payment_id__isnull", True), ("spent_at__isnull", True)),
                            models.Q(("payment_id__isnull", False), ("spent_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="coupon_spent_on_something",
                    ),
                ],
            },
        ),
    ]
