"""The tables of wallet.agreements."""

import django.core.serializers.json
from django.db import migrations, models

from config.kernel import clock, ids

ID = models.UUIDField(default=ids.uuid7, editable=False, primary_key=True, serialize=False)


class Migration(migrations.Migration):
    replaces = [("agreements", "0001_agreement_tables"), ("agreements", "0002_cut_off_hours")]

    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Agreement",
            fields=[
                ("id", ID),
                ("number", models.CharField(max_length=20)),
                ("token", models.CharField(max_length=26)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("TEMP", "TEMP"),
                            ("NORMAL", "NORMAL"),
                            ("SUSPENDED", "SUSPENDED"),
                            ("UNSIGNED", "UNSIGNED"),
                            ("EXPIRED", "EXPIRED"),
                        ],
                        default="TEMP",
                        max_length=9,
                    ),
                ),
                ("payee_id", models.UUIDField()),
                ("payee_account_id", models.UUIDField()),
                ("payee_owner_id", models.UUIDField()),
                ("payee_name", models.CharField(max_length=128)),
                ("payee_zone", models.CharField(max_length=40)),
                ("external_no", models.CharField(blank=True, max_length=64)),
                ("product", models.CharField(blank=True, max_length=64)),
                ("scene", models.CharField(blank=True, max_length=64)),
                ("payer_id", models.UUIDField(null=True)),
                ("currency", models.CharField(max_length=3)),
                (
                    "period_type",
                    models.CharField(
                        blank=True, choices=[("DAY", "DAY"), ("MONTH", "MONTH")], max_length=5
                    ),
                ),
                ("period", models.PositiveSmallIntegerField(null=True)),
                ("first_on", models.DateField(null=True)),
                ("single_minor", models.BigIntegerField(null=True)),
                ("total_minor", models.BigIntegerField(null=True)),
                ("total_payments", models.PositiveBigIntegerField(null=True)),
                ("valid_until", models.DateTimeField(null=True)),
                ("challenge", models.CharField(max_length=64)),
                ("created_at", models.DateTimeField(default=clock.now)),
                ("lapses_at", models.DateTimeField(null=True)),
                ("signed_at", models.DateTimeField(null=True)),
                ("suspended_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "ended_by",
                    models.CharField(
                        blank=True,
                        choices=[("PAYER", "PAYER"), ("PAYEE", "PAYEE"), ("PLATFORM", "PLATFORM")],
                        max_length=8,
                    ),
                ),
                ("next_on", models.DateField(null=True)),
                ("debits", models.PositiveIntegerField(default=0)),
                ("debited_minor", models.BigIntegerField(default=0)),
                ("last_debit_at", models.DateTimeField(null=True)),
                ("plan_minor", models.BigIntegerField(null=True)),
                ("plan_description", models.CharField(blank=True, max_length=256)),
                ("notice_at", models.DateTimeField(null=True)),
                (
                    "details",
                    models.JSONField(
                        default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder
                    ),
                ),
                ("unit", models.PositiveSmallIntegerField()),
                ("payee_cutoff_hour", models.PositiveSmallIntegerField(db_default=0, default=0)),
            ],
            options={
                "ordering": ("-created_at", "-id"),
                "indexes": [
                    models.Index(fields=["payer_id", "created_at"], name="agreement_of_payer"),
                    models.Index(
                        condition=models.Q(
                            ("lapses_at__isnull", False),
                            ("status__in", ["TEMP", "NORMAL", "SUSPENDED"]),
                        ),
                        fields=["lapses_at"],
                        name="agreement_lapse",
                    ),
                    models.Index(
                        condition=models.Q(("notice_at__isnull", False)),
                        fields=["notice_at"],
                        name="agreement_notice",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("number",), name="agreement_one_per_number"),
                    models.UniqueConstraint(fields=("token",), name="agreement_one_per_token"),
                    models.UniqueConstraint(
                        condition=models.Q(("external_no", ""), _negated=True),
                        fields=("payee_id", "external_no"),
                        name="agreement_one_per_external_no",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("status__in", ["NORMAL", "SUSPENDED"])),
                        fields=("payee_id", "payer_id", "product", "scene", "external_no"),
                        name="agreement_one_in_force",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("payer_id__isnull", False), ("signed_at__isnull", False)),
                            models.Q(("status__in", ["NORMAL", "SUSPENDED"]), _negated=True),
                            _connector="OR",
                        ),
                        name="agreement_signed_has_payer",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("total_minor__isnull", True),
                            ("debited_minor__lte", models.F("total_minor")),
                            _connector="OR",
                        ),
                        name="agreement_within_total",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("total_payments__isnull", True),
                            ("debits__lte", models.F("total_payments")),
                            _connector="OR",
                        ),
                        name="agreement_within_payments",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Deduction",
            fields=[
                ("id", ID),
                (
                    "origin",
                    models.CharField(
                        choices=[("PAYEE", "PAYEE"), ("DEFERRED", "DEFERRED"), ("PLAN", "PLAN")],
                        max_length=8,
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("PENDING", "PENDING"),
                            ("RETRYING", "RETRYING"),
                            ("SUCCEEDED", "SUCCEEDED"),
                            ("FAILED", "FAILED"),
                            ("CANCELLED", "CANCELLED"),
                        ],
                        max_length=9,
                    ),
                ),
                ("reference", models.CharField(max_length=64)),
                ("description", models.CharField(blank=True, max_length=256)),
                ("amount_minor", models.BigIntegerField()),
                ("currency", models.CharField(max_length=3)),
                ("period_on", models.DateField(null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("first_due_at", models.DateTimeField()),
                ("due_at", models.DateTimeField(null=True)),
                ("payment_id", models.UUIDField(null=True)),
                ("failure", models.CharField(blank=True, max_length=64)),
                ("created_at", models.DateTimeField(default=clock.now)),
                ("finished_at", models.DateTimeField(null=True)),
                (
                    "agreement",
                    models.ForeignKey(
                        on_delete=models.PROTECT,
                        related_name="deductions",
                        to="agreements.agreement",
                    ),
                ),
            ],
            options={
                "ordering": ("-created_at", "-id"),
                "indexes": [
                    models.Index(
                        condition=models.Q(("due_at__isnull", False)),
                        fields=["due_at"],
                        name="deductions_due",
                    ),
                    models.Index(
                        fields=["agreement", "created_at"], name="deductions_of_agreement"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount_minor__gt", 0)), name="deduction_above_zero"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("due_at__isnull", False), ("status__in", ["PENDING", "RETRYING"])
                            ),
                            models.Q(
                                models.Q(("status__in", ["PENDING", "RETRYING"]), _negated=True),
                                ("due_at__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="deduction_due_while_open",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("origin", "PLAN"), ("status__in", ["PENDING", "RETRYING"])
                        ),
                        fields=("agreement",),
                        name="deduction_one_open_plan",
                    ),
                ],
            },
        ),
    ]
