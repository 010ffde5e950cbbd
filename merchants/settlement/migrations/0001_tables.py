"""The tables of merchants.settlement."""

import django.db.models.expressions
from django.db import migrations, models

from config.kernel import clock, ids

ID = models.UUIDField(default=ids.uuid7, editable=False, primary_key=True, serialize=False)


class Migration(migrations.Migration):
    replaces = [
        ("settlement", "0001_settlement_tables"),
        ("settlement", "0002_splits_in_batches"),
        ("settlement", "0003_settled_until"),
        ("settlement", "0004_sums_kept_back"),
        ("settlement", "0005_business_dates"),
        ("settlement", "0006_settlement_terms"),
        ("settlement", "0007_unused_right"),
        ("settlement", "0008_netted"),
    ]

    initial = True

    dependencies = [("onboarding", "0001_tables")]

    operations = [
        migrations.CreateModel(
            name="FeeRule",
            fields=[
                ("id", ID),
                ("version", models.PositiveIntegerField()),
                ("fee_bps", models.PositiveIntegerField()),
                ("minimum_minor", models.BigIntegerField(default=0)),
                ("maximum_minor", models.BigIntegerField(blank=True, null=True)),
                ("created_at", models.DateTimeField(default=clock.now)),
                (
                    "merchant",
                    models.ForeignKey(
                        on_delete=models.PROTECT, related_name="fee_rules", to="onboarding.merchant"
                    ),
                ),
                ("fixed_minor", models.BigIntegerField(db_default=0, default=0)),
                ("kept_on_refund", models.BooleanField(db_default=False, default=False)),
                ("method", models.CharField(blank=True, db_default="", default="", max_length=8)),
            ],
            options={
                "ordering": ("merchant", "-version"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("merchant", "version"), name="fee_rule_version_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("fee_bps__lte", 10000)), name="fee_rule_at_most_all"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("minimum_minor__gte", 0),
                            models.Q(
                                ("maximum_minor__isnull", True),
                                ("maximum_minor__gte", models.F("minimum_minor")),
                                _connector="OR",
                            ),
                        ),
                        name="fee_rule_bounds_in_order",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SettlementBatch",
            fields=[
                ("id", ID),
                ("business_date", models.DateField()),
                ("currency", models.CharField(max_length=3)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("OPEN", "OPEN"),
                            ("CUT_OFF", "CUT_OFF"),
                            ("CALCULATED", "CALCULATED"),
                            ("AWAITING_APPROVAL", "AWAITING_APPROVAL"),
                            ("PAYING", "PAYING"),
                            ("PAID", "PAID"),
                            ("PART_FAILED", "PART_FAILED"),
                        ],
                        default="OPEN",
                        max_length=17,
                    ),
                ),
                ("opens_at", models.DateTimeField()),
                ("closes_at", models.DateTimeField()),
                ("payment_count", models.PositiveIntegerField(default=0)),
                ("refund_count", models.PositiveIntegerField(default=0)),
                ("gross_minor", models.BigIntegerField(default=0)),
                ("refunded_minor", models.BigIntegerField(default=0)),
                ("fee_minor", models.BigIntegerField(default=0)),
                ("net_minor", models.BigIntegerField(default=0)),
                ("brought_minor", models.BigIntegerField(default=0)),
                ("carried_minor", models.BigIntegerField(default=0)),
                ("taken_minor", models.BigIntegerField(default=0)),
                ("covered_minor", models.BigIntegerField(default=0)),
                ("receivable_minor", models.BigIntegerField(default=0)),
                ("pending_minor", models.BigIntegerField(default=0)),
                ("payable_minor", models.BigIntegerField(default=0)),
                ("journal_id", models.UUIDField(blank=True, null=True)),
                ("created_at", models.DateTimeField(default=clock.now)),
                ("cut_off_at", models.DateTimeField(blank=True, null=True)),
                ("calculated_at", models.DateTimeField(blank=True, null=True)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                (
                    "fee_rule",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=models.PROTECT, to="settlement.feerule"
                    ),
                ),
                (
                    "merchant",
                    models.ForeignKey(
                        on_delete=models.PROTECT, related_name="batches", to="onboarding.merchant"
                    ),
                ),
                ("split_back_minor", models.BigIntegerField(default=0)),
                ("split_minor", models.BigIntegerField(default=0)),
                ("aside_minor", models.BigIntegerField(default=0)),
                ("released_minor", models.BigIntegerField(default=0)),
                ("payout_after", models.DateTimeField(blank=True, null=True)),
                ("reserved_minor", models.BigIntegerField(db_default=0, default=0)),
                ("unreserved_minor", models.BigIntegerField(db_default=0, default=0)),
                (
                    "waits_for",
                    models.CharField(
                        blank=True,
                        choices=[("", ""), ("MINIMUM", "MINIMUM"), ("DEMAND", "DEMAND")],
                        db_default="",
                        default="",
                        max_length=7,
                    ),
                ),
                ("netted_minor", models.BigIntegerField(db_default=0, default=0)),
            ],
            options={
                "verbose_name": "settlement batch",
                "verbose_name_plural": "settlement batches",
                "ordering": ("-business_date", "-id"),
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["OPEN", "CUT_OFF"])),
                        fields=["closes_at"],
                        name="batch_due",
                    ),
                    models.Index(
                        condition=models.Q(("state", "CALCULATED")),
                        fields=["calculated_at"],
                        name="batch_to_pay",
                    ),
                    models.Index(fields=["business_date", "merchant"], name="batch_by_day"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("merchant", "business_date", "currency"), name="batch_one_a_day"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "OPEN",
                                    "CUT_OFF",
                                    "CALCULATED",
                                    "AWAITING_APPROVAL",
                                    "PAYING",
                                    "PAID",
                                    "PART_FAILED",
                                ],
                            )
                        ),
                        name="batch_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "payable_minor",
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        django.db.models.expressions.CombinedExpression(
                                            django.db.models.expressions.CombinedExpression(
                                                django.db.models.expressions.CombinedExpression(
                                                    models.F("net_minor"),
                                                    "+",
                                                    models.F("brought_minor"),
                                                ),
                                                "-",
                                                models.F("carried_minor"),
                                            ),
                                            "+",
                                            models.F("taken_minor"),
                                        ),
                                        "+",
                                        models.F("covered_minor"),
                                    ),
                                    "-",
                                    models.F("receivable_minor"),
                                ),
                            )
                        ),
                        name="batch_payable_adds_up",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("payable_minor__gte", 0)),
                        name="batch_pays_nothing_negative",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("closes_at__gt", models.F("opens_at"))),
                        name="batch_day_has_an_end",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "net_minor",
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        django.db.models.expressions.CombinedExpression(
                                            django.db.models.expressions.CombinedExpression(
                                                models.F("gross_minor"),
                                                "-",
                                                models.F("refunded_minor"),
                                            ),
                                            "-",
                                            models.F("split_minor"),
                                        ),
                                        "+",
                                        models.F("split_back_minor"),
                                    ),
                                    "-",
                                    models.F("fee_minor"),
                                ),
                            )
                        ),
                        name="batch_net_adds_up",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("aside_minor__gte", 0),
                            ("aside_minor__lte", models.F("payable_minor")),
                            ("released_minor__gte", 0),
                        ),
                        name="batch_keeps_back_what_it_has",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("reserved_minor__gte", 0),
                            (
                                "reserved_minor__lte",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("payable_minor"), "-", models.F("aside_minor")
                                ),
                            ),
                            ("unreserved_minor__gte", 0),
                        ),
                        name="batch_reserves_what_it_has",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("netted_minor__gte", 0),
                            (
                                "netted_minor__lte",
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        django.db.models.expressions.CombinedExpression(
                                            django.db.models.expressions.CombinedExpression(
                                                models.F("payable_minor"),
                                                "-",
                                                models.F("aside_minor"),
                                            ),
                                            "-",
                                            models.F("reserved_minor"),
                                        ),
                                        "+",
                                        models.F("released_minor"),
                                    ),
                                    "+",
                                    models.F("unreserved_minor"),
                                ),
                            ),
                        ),
                        name="batch_nets_what_goes_out",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SettlementLine",
            fields=[
                ("id", ID),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("PAYMENT", "Payment"),
                            ("REFUND", "Refund"),
                            ("SPLIT", "Split"),
                            ("SPLIT_BACK", "Split_back"),
                        ],
                        max_length=10,
                    ),
                ),
                ("payment_id", models.UUIDField()),
                ("refund_id", models.UUIDField(blank=True, null=True)),
                ("number", models.CharField(max_length=28, verbose_name="payment number")),
                ("reference", models.CharField(max_length=64)),
                (
                    "request_no",
                    models.CharField(blank=True, max_length=64, verbose_name="refund request"),
                ),
                ("amount_minor", models.BigIntegerField()),
                ("fee_minor", models.BigIntegerField()),
                ("net_minor", models.BigIntegerField()),
                ("pending_minor", models.BigIntegerField()),
                ("occurred_at", models.DateTimeField()),
                ("journal_id", models.UUIDField()),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=models.PROTECT,
                        related_name="lines",
                        to="settlement.settlementbatch",
                    ),
                ),
                (
                    "fee_rule",
                    models.ForeignKey(
                        on_delete=models.PROTECT, related_name="+", to="settlement.feerule"
                    ),
                ),
                ("split_id", models.UUIDField(blank=True, null=True)),
            ],
            options={
                "ordering": ("occurred_at", "id"),
                "indexes": [
                    models.Index(fields=["payment_id", "kind"], name="line_of_payment"),
                    models.Index(fields=["batch", "occurred_at"], name="line_of_batch"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "PAYMENT")),
                        fields=("payment_id",),
                        name="line_payment_settled_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "REFUND")),
                        fields=("refund_id",),
                        name="line_refund_settled_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("amount_minor__gt", 0),
                            ("fee_minor__gte", 0),
                            ("fee_minor__lte", models.F("amount_minor")),
                        ),
                        name="line_fee_within_amount",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "REFUND"), ("refund_id__isnull", False)),
                            models.Q(
                                models.Q(("kind", "REFUND"), _negated=True),
                                ("refund_id__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="line_refund_names_it",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("split_id__isnull", False)),
                        fields=("kind", "split_id"),
                        name="line_split_settled_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("fee_minor", 0),
                                ("kind__in", ["SPLIT", "SPLIT_BACK"]),
                                ("split_id__isnull", False),
                            ),
                            models.Q(
                                models.Q(("kind__in", ["SPLIT", "SPLIT_BACK"]), _negated=True),
                                ("split_id__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="line_split_names_it",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("kind__in", ["PAYMENT", "SPLIT_BACK"]),
                                (
                                    "net_minor",
                                    django.db.models.expressions.CombinedExpression(
                                        models.F("amount_minor"), "-", models.F("fee_minor")
                                    ),
                                ),
                            ),
                            models.Q(
                                models.Q(("kind__in", ["PAYMENT", "SPLIT_BACK"]), _negated=True),
                                (
                                    "net_minor",
                                    django.db.models.expressions.CombinedExpression(
                                        models.F("fee_minor"), "-", models.F("amount_minor")
                                    ),
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="line_net_adds_up",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReserveHold",
            fields=[
                ("id", ID),
                ("amount_minor", models.BigIntegerField()),
                ("currency", models.CharField(max_length=3)),
                ("due_at", models.DateTimeField()),
                ("journal_id", models.UUIDField()),
                ("queued_at", models.DateTimeField(blank=True, null=True)),
                (
                    "batch",
                    models.OneToOneField(
                        on_delete=models.PROTECT,
                        related_name="reserve_hold",
                        to="settlement.settlementbatch",
                    ),
                ),
                (
                    "merchant",
                    models.ForeignKey(
                        on_delete=models.PROTECT,
                        related_name="reserve_holds",
                        to="onboarding.merchant",
                    ),
                ),
                (
                    "released_with",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=models.PROTECT,
                        related_name="released_reserves",
                        to="settlement.settlementbatch",
                    ),
                ),
            ],
            options={
                "verbose_name": "rolling reserve",
                "ordering": ("due_at", "id"),
                "indexes": [
                    models.Index(
                        condition=models.Q(("released_with__isnull", True)),
                        fields=["due_at"],
                        name="reserve_due",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount_minor__gt", 0)), name="reserve_above_zero"
                    )
                ],
            },
        ),
    ]
