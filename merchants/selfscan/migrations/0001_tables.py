"""The tables of merchants.selfscan."""

from django.db import migrations, models

from config.kernel import clock, ids


class Migration(migrations.Migration):
    replaces = [("selfscan", "0001_selfscan_tables"), ("selfscan", "0002_forgetting")]

    initial = True

    dependencies = [("onboarding", "0001_tables")]

    operations = [
        migrations.CreateModel(
            name="SelfscanStore",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("app_id", models.CharField(max_length=16)),
                ("audit_seed", models.BigIntegerField(default=0)),
                ("base_bps", models.PositiveIntegerField(default=500)),
                ("new_shopper_bps", models.PositiveIntegerField(default=1000)),
                ("removed_bps", models.PositiveIntegerField(default=500)),
                ("shrink_bps", models.PositiveIntegerField(default=1000)),
                ("trips", models.PositiveBigIntegerField(default=0)),
                (
                    "store",
                    models.OneToOneField(
                        on_delete=models.PROTECT, related_name="selfscan", to="onboarding.store"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Product",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("barcode", models.CharField(max_length=32)),
                ("name", models.CharField(max_length=64)),
                ("price_minor", models.BigIntegerField()),
                ("restricted", models.BooleanField(default=False)),
                ("shrinks", models.BooleanField(default=False)),
                (
                    "store",
                    models.ForeignKey(
                        on_delete=models.PROTECT,
                        related_name="products",
                        to="selfscan.selfscanstore",
                    ),
                ),
            ],
            options={
                "ordering": ("barcode",),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("store", "barcode"), name="product_barcode_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("price_minor__gt", 0)), name="product_costs"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Trip",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.PositiveBigIntegerField()),
                ("shopper_id", models.UUIDField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("OPEN", "OPEN"),
                            ("CHECKOUT", "CHECKOUT"),
                            ("PAID", "PAID"),
                            ("EXIT_ISSUED", "EXIT_ISSUED"),
                            ("AUDIT_REQUIRED", "AUDIT_REQUIRED"),
                            ("AUDIT_OK", "AUDIT_OK"),
                            ("AUDIT_DIFF", "AUDIT_DIFF"),
                            ("ADJUSTED", "ADJUSTED"),
                            ("EXITED", "EXITED"),
                            ("ABANDONED", "ABANDONED"),
                        ],
                        default="OPEN",
                        max_length=14,
                    ),
                ),
                ("attempt", models.PositiveIntegerField(default=0)),
                ("removals", models.PositiveIntegerField(default=0)),
                ("total_minor", models.BigIntegerField(default=0)),
                ("payment_id", models.UUIDField(null=True)),
                ("difference_minor", models.BigIntegerField(default=0)),
                ("difference_payment_id", models.UUIDField(null=True)),
                ("drawn", models.BooleanField(default=False)),
                ("exit_code_hash", models.CharField(blank=True, max_length=64)),
                ("opened_at", models.DateTimeField(default=clock.now)),
                ("due_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "store",
                    models.ForeignKey(
                        on_delete=models.PROTECT,
                        related_name="journeys",
                        to="selfscan.selfscanstore",
                    ),
                ),
            ],
            options={
                "ordering": ("-opened_at", "-id"),
                "indexes": [
                    models.Index(
                        condition=models.Q(("due_at__isnull", False)),
                        fields=["due_at"],
                        name="trip_due",
                    ),
                    models.Index(fields=["shopper_id"], name="trip_shopper"),
                    models.Index(
                        condition=models.Q(("state", "ABANDONED")),
                        fields=["ended_at"],
                        name="trip_abandoned",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("store", "number"), name="trip_numbered_once"),
                    models.UniqueConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "ADJUSTED",
                                    "AUDIT_DIFF",
                                    "AUDIT_OK",
                                    "AUDIT_REQUIRED",
                                    "CHECKOUT",
                                    "EXIT_ISSUED",
                                    "OPEN",
                                    "PAID",
                                ],
                            )
                        ),
                        fields=("store", "shopper_id"),
                        name="trip_one_under_way",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("exit_code_hash", ""), _negated=True),
                        fields=("exit_code_hash",),
                        name="trip_exit_code_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TripLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("quantity", models.PositiveIntegerField()),
                ("counted", models.PositiveIntegerField(null=True)),
                ("price_minor", models.BigIntegerField()),
                ("approved", models.BooleanField(default=False)),
                (
                    "product",
                    models.ForeignKey(
                        on_delete=models.PROTECT, related_name="+", to="selfscan.product"
                    ),
                ),
                (
                    "trip",
                    models.ForeignKey(
                        on_delete=models.CASCADE, related_name="lines", to="selfscan.trip"
                    ),
                ),
            ],
            options={
                "ordering": ("id",),
                "constraints": [
                    models.UniqueConstraint(fields=("trip", "product"), name="trip_line_once")
                ],
            },
        ),
    ]
