"""The tables of wallet.payments, and paying by code in one round trip on PostgreSQL."""

from pathlib import Path

import django.core.serializers.json
from django.db import migrations, models

from config.kernel import clock, ids
from config.kernel.migration_sql import run_sql_file

HERE = Path(__file__).parent


ID = models.UUIDField(default=ids.uuid7, editable=False, primary_key=True, serialize=False)


class Migration(migrations.Migration):
    replaces = [
        ("payments", "0001_payments_tables"),
        ("payments", "0002_paying_in_one_call"),
        ("payments", "0003_debits"),
        ("payments", "0004_limits_of_persons"),
        ("payments", "0005_paying_by_person"),
        ("payments", "0006_refunds_to_banks"),
        ("payments", "0007_cut_off_hours"),
        ("payments", "0008_contested_payments"),
        ("payments", "0009_delayed_transfers"),
        ("payments", "0010_paying_in_groups"),
    ]

    initial = True

    dependencies = [("ledger", "0001_tables")]

    operations = [
        migrations.CreateModel(
            name="BadCodeCount",
            fields=[
                ("payee_id", models.UUIDField(primary_key=True, serialize=False)),
                ("since", models.DateTimeField()),
                ("count", models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="PayerActivity",
            fields=[
                ("payer_id", models.UUIDField(primary_key=True, serialize=False)),
                ("payments", models.PositiveIntegerField(default=0)),
                ("total_minor", models.BigIntegerField(default=0)),
                ("largest_minor", models.BigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="Payment",
            fields=[
                ("id", ID),
                ("number", models.CharField(max_length=28)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("PENDING", "PENDING"),
                            ("PAID", "PAID"),
                            ("CLOSED", "CLOSED"),
                            ("FINISHED", "FINISHED"),
                        ],
                        default="PENDING",
                        max_length=8,
                    ),
                ),
                (
                    "method",
                    models.CharField(
                        choices=[
                            ("CODE", "CODE"),
                            ("DEBIT", "DEBIT"),
                            ("ORDER", "ORDER"),
                            ("SCAN", "SCAN"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "presented",
                    models.CharField(
                        choices=[("STATIC", "STATIC"), ("DYNAMIC", "DYNAMIC")],
                        default="DYNAMIC",
                        max_length=8,
                    ),
                ),
                ("payer_id", models.UUIDField(null=True)),
                ("device_id", models.UUIDField(null=True)),
                ("code_id", models.UUIDField(null=True)),
                ("payee_id", models.UUIDField()),
                (
                    "payee_kind",
                    models.CharField(
                        choices=[("MERCHANT", "MERCHANT"), ("USER", "USER")], max_length=8
                    ),
                ),
                ("payee_account_id", models.UUIDField()),
                ("payee_owner_id", models.UUIDField(null=True)),
                ("payee_name", models.CharField(blank=True, max_length=128)),
                ("payee_zone", models.CharField(max_length=40)),
                ("reference", models.CharField(max_length=64)),
                ("description", models.CharField(blank=True, max_length=256)),
                ("amount_minor", models.BigIntegerField()),
                ("currency", models.CharField(default="CNY", max_length=3)),
                ("refunded_minor", models.BigIntegerField(default=0)),
                ("needs_pin", models.BooleanField(default=False)),
                ("created_at", models.DateTimeField(default=clock.now)),
                ("expires_at", models.DateTimeField()),
                ("paid_at", models.DateTimeField(null=True)),
                ("finish_at", models.DateTimeField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "close_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("EXPIRED", "EXPIRED"),
                            ("CANCELLED", "CANCELLED"),
                            ("CLOSED_BY_PAYEE", "CLOSED_BY_PAYEE"),
                            ("REFUSED_BY_PAYER", "REFUSED_BY_PAYER"),
                            ("REFUNDED", "REFUNDED"),
                        ],
                        max_length=16,
                    ),
                ),
                ("business_date", models.DateField(null=True)),
                ("journal_id", models.UUIDField(null=True)),
                (
                    "details",
                    models.JSONField(
                        default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder
                    ),
                ),
                ("unit", models.PositiveSmallIntegerField()),
                ("payee_cutoff_hour", models.PositiveSmallIntegerField(db_default=0, default=0)),
                ("contested_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ("-created_at", "-id"),
                "indexes": [
                    models.Index(fields=["payer_id", "created_at"], name="payment_of_payer"),
                    models.Index(
                        condition=models.Q(("paid_at__isnull", False)),
                        fields=["payee_id", "paid_at"],
                        name="payment_of_payee",
                    ),
                    models.Index(
                        condition=models.Q(("status", "PENDING")),
                        fields=["expires_at"],
                        name="payment_expiry",
                    ),
                    models.Index(
                        condition=models.Q(("status", "PAID")),
                        fields=["finish_at"],
                        name="payment_finish",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("number",), name="payment_one_per_number"),
                    models.UniqueConstraint(
                        fields=("payee_id", "reference"), name="payment_one_per_reference"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount_minor__gt", 0)), name="payment_above_zero"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("refunded_minor__gte", 0),
                            ("refunded_minor__lte", models.F("amount_minor")),
                        ),
                        name="payment_refunds_within_paid",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("journal_id__isnull", True), ("status", "PENDING")),
                            ("status", "CLOSED"),
                            models.Q(
                                ("journal_id__isnull", False),
                                ("paid_at__isnull", False),
                                ("payer_id__isnull", False),
                                ("status__in", ["PAID", "FINISHED"]),
                            ),
                            _connector="OR",
                        ),
                        name="payment_paid_has_journal",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PaymentCode",
            fields=[
                ("id", ID),
                (
                    "kind",
                    models.CharField(choices=[("0", "RANDOM"), ("1", "OFFLINE")], max_length=1),
                ),
                ("token", models.CharField(max_length=16)),
                ("user_id", models.UUIDField()),
                ("device_id", models.UUIDField(null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("ISSUED", "ISSUED"),
                            ("CLAIMED", "CLAIMED"),
                            ("BURNED", "BURNED"),
                        ],
                        default="ISSUED",
                        max_length=8,
                    ),
                ),
                ("strikes", models.PositiveSmallIntegerField(default=0)),
                ("issued_at", models.DateTimeField(default=clock.now)),
                ("expires_at", models.DateTimeField()),
                ("claimed_at", models.DateTimeField(null=True)),
                ("claim_payee_id", models.UUIDField(null=True)),
                ("claim_reference", models.CharField(blank=True, max_length=64)),
                ("refusal", models.CharField(blank=True, max_length=32)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["device_id"], name="code_of_device"),
                    models.Index(fields=["expires_at"], name="code_expiry"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("token",), name="code_one_per_token"),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["ISSUED", "CLAIMED", "BURNED"])),
                        name="code_state_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Transfer",
            fields=[
                ("id", ID),
                ("number", models.CharField(max_length=28)),
                ("key", models.CharField(max_length=255)),
                ("payer_id", models.UUIDField()),
                ("payee_id", models.UUIDField()),
                ("payee_name", models.CharField(max_length=64)),
                ("amount_minor", models.BigIntegerField()),
                ("currency", models.CharField(default="CNY", max_length=3)),
                ("note", models.CharField(blank=True, max_length=128)),
                ("journal_id", models.UUIDField(null=True)),
                ("created_at", models.DateTimeField(default=clock.now)),
                ("unit", models.PositiveSmallIntegerField()),
                ("due_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("hold_id", models.UUIDField(null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("DELAYED", "DELAYED"),
                            ("SUCCEEDED", "SUCCEEDED"),
                            ("CANCELLED", "CANCELLED"),
                            ("RETURNED", "RETURNED"),
                        ],
                        db_default="SUCCEEDED",
                        default="SUCCEEDED",
                        max_length=9,
                    ),
                ),
            ],
            options={
                "ordering": ("-created_at", "-id"),
                "indexes": [
                    models.Index(fields=["payer_id", "created_at"], name="transfer_of_payer"),
                    models.Index(fields=["payee_id", "created_at"], name="transfer_of_payee"),
                    models.Index(
                        condition=models.Q(("state", "DELAYED")),
                        fields=["due_at"],
                        name="transfer_due",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("number",), name="transfer_one_per_number"),
                    models.UniqueConstraint(
                        fields=("payer_id", "key"), name="transfer_one_per_key"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount_minor__gt", 0)), name="transfer_above_zero"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("payer_id", models.F("payee_id")), _negated=True),
                        name="transfer_between_two",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Refund",
            fields=[
                ("id", ID),
                ("request_no", models.CharField(max_length=64)),
                ("amount_minor", models.BigIntegerField()),
                ("currency", models.CharField(max_length=3)),
                ("reason", models.CharField(blank=True, max_length=256)),
                ("operator", models.CharField(blank=True, max_length=64)),
                (
                    "status",
                    models.CharField(
                        choices=[("SUCCEEDED", "SUCCEEDED")], default="SUCCEEDED", max_length=10
                    ),
                ),
                (
                    "details",
                    models.JSONField(
                        default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder
                    ),
                ),
                ("journal_id", models.UUIDField()),
                ("business_date", models.DateField()),
                ("payee_id", models.UUIDField()),
                ("created_at", models.DateTimeField(default=clock.now)),
                (
                    "payment",
                    models.ForeignKey(
                        on_delete=models.PROTECT, related_name="refunds", to="payments.payment"
                    ),
                ),
            ],
            options={
                "ordering": ("-created_at", "-id"),
                "indexes": [
                    models.Index(fields=["payee_id", "created_at"], name="refund_of_payee")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("payment", "request_no"), name="refund_one_per_request"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount_minor__gt", 0)), name="refund_above_zero"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DepositBack",
            fields=[
                ("id", ID),
                ("withdrawal_id", models.UUIDField(null=True, unique=True)),
                ("amount_minor", models.BigIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("SENT", "SENT"),
                            ("PAID", "PAID"),
                            ("RETURNED", "RETURNED"),
                            ("KEPT", "KEPT"),
                        ],
                        max_length=8,
                    ),
                ),
                ("created_at", models.DateTimeField(default=clock.now)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "refund",
                    models.OneToOneField(
                        on_delete=models.PROTECT, related_name="deposit_back", to="payments.refund"
                    ),
                ),
            ],
            options={"verbose_name_plural": "refunds to banks", "ordering": ("-created_at", "-id")},
        ),
        run_sql_file(HERE / "room.sql", vendor="postgresql"),
        run_sql_file(
            HERE / "paying_in_groups.sql", HERE / "paying_in_groups_undo.sql", vendor="postgresql"
        ),
    ]
