"""The tables of wallet.funding."""

import django.db.models.expressions
from django.db import migrations, models

from config.kernel import clock, ids

ID = models.UUIDField(default=ids.uuid7, editable=False, primary_key=True, serialize=False)


class Migration(migrations.Migration):
    replaces = [("funding", "0001_funding_tables"), ("funding", "0002_forgetting")]

    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="FundingOrder",
            fields=[
                ("user_id", models.UUIDField(primary_key=True, serialize=False)),
                ("sources", models.JSONField(default=list)),
            ],
        ),
        migrations.CreateModel(
            name="Savings",
            fields=[
                ("user_id", models.UUIDField(primary_key=True, serialize=False)),
                ("account_id", models.UUIDField(unique=True)),
                ("opened_at", models.DateTimeField(default=clock.now)),
            ],
        ),
        migrations.CreateModel(
            name="CreditLine",
            fields=[
                ("user_id", models.UUIDField(primary_key=True, serialize=False)),
                (
                    "state",
                    models.CharField(
                        choices=[("ACTIVE", "ACTIVE"), ("FROZEN", "FROZEN"), ("CLOSED", "CLOSED")],
                        default="ACTIVE",
                        max_length=6,
                    ),
                ),
                ("limit_minor", models.BigIntegerField()),
                ("owed_minor", models.BigIntegerField(default=0)),
                ("opened_at", models.DateTimeField(default=clock.now)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("owed_minor__gte", 0)), name="credit_line_owes"
                    )
                ]
            },
        ),
        migrations.CreateModel(
            name="Bill",
            fields=[
                ("id", ID),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("OPEN", "OPEN"),
                            ("BILLED", "BILLED"),
                            ("PAID", "PAID"),
                            ("OVERDUE", "OVERDUE"),
                        ],
                        default="OPEN",
                        max_length=7,
                    ),
                ),
                ("amount_minor", models.BigIntegerField(default=0)),
                ("fee_minor", models.BigIntegerField(default=0)),
                ("paid_minor", models.BigIntegerField(default=0)),
                ("opened_at", models.DateTimeField(default=clock.now)),
                ("billed_at", models.DateTimeField(null=True)),
                ("due_at", models.DateTimeField(null=True)),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=models.PROTECT, related_name="bills", to="funding.creditline"
                    ),
                ),
            ],
            options={
                "ordering": ("opened_at", "id"),
                "indexes": [
                    models.Index(
                        condition=models.Q(("due_at__isnull", False)),
                        fields=["due_at"],
                        name="bill_due",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "OPEN")),
                        fields=("line",),
                        name="bill_one_open",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("paid_minor__gte", 0),
                            (
                                "paid_minor__lte",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("amount_minor"), "+", models.F("fee_minor")
                                ),
                            ),
                        ),
                        name="bill_within_amount",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FundingDay",
            fields=[
                ("day", models.DateField(primary_key=True, serialize=False)),
                ("due_at", models.DateTimeField(null=True)),
                ("fund_minor", models.BigIntegerField(default=0)),
                ("lent_minor", models.BigIntegerField(default=0)),
                ("repaid_minor", models.BigIntegerField(default=0)),
                ("settled_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("due_at__isnull", False)),
                        fields=["due_at"],
                        name="funding_day_due",
                    )
                ]
            },
        ),
        migrations.CreateModel(
            name="FundingUse",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("payment_id", models.UUIDField()),
                ("position", models.PositiveSmallIntegerField()),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("BALANCE", "BALANCE"),
                            ("SAVINGS", "SAVINGS"),
                            ("CREDIT", "CREDIT"),
                        ],
                        max_length=7,
                    ),
                ),
                ("amount_minor", models.BigIntegerField()),
                ("returned_minor", models.BigIntegerField(default=0)),
                (
                    "bill",
                    models.ForeignKey(
                        null=True, on_delete=models.PROTECT, related_name="+", to="funding.bill"
                    ),
                ),
            ],
            options={
                "ordering": ("payment_id", "position"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("payment_id", "position"), name="funding_use_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("returned_minor__gte", 0),
                            ("returned_minor__lte", models.F("amount_minor")),
                        ),
                        name="funding_use_within",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LoanEntry",
            fields=[
                ("id", ID),
                ("key", models.CharField(max_length=300, unique=True)),
                (
                    "event",
                    models.CharField(
                        choices=[
                            ("DRAW", "DRAW"),
                            ("REPAY", "REPAY"),
                            ("REFUND", "REFUND"),
                            ("FEE", "FEE"),
                        ],
                        max_length=6,
                    ),
                ),
                ("change_minor", models.BigIntegerField()),
                ("owed_minor", models.BigIntegerField()),
                ("at", models.DateTimeField(default=clock.now)),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=models.PROTECT, related_name="entries", to="funding.creditline"
                    ),
                ),
            ],
            options={"verbose_name_plural": "loan entries", "ordering": ("at", "id")},
        ),
        migrations.CreateModel(
            name="MarketingConsent",
            fields=[
                ("id", ID),
                ("user_id", models.UUIDField()),
                ("given_at", models.DateTimeField(default=clock.now)),
                ("withdrawn_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ("-given_at", "-id"),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("withdrawn_at__isnull", True)),
                        fields=("user_id",),
                        name="marketing_consent_once",
                    )
                ],
                "indexes": [
                    models.Index(
                        condition=models.Q(("withdrawn_at__isnull", False)),
                        fields=["withdrawn_at"],
                        name="marketing_consent_over",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SavingsOrder",
            fields=[
                ("id", ID),
                ("user_id", models.UUIDField()),
                ("key", models.CharField(max_length=255)),
                (
                    "kind",
                    models.CharField(
                        choices=[("DEPOSIT", "DEPOSIT"), ("REDEEM", "REDEEM")], max_length=7
                    ),
                ),
                ("amount_minor", models.BigIntegerField()),
                ("journal_id", models.UUIDField()),
                ("created_at", models.DateTimeField(default=clock.now)),
                ("confirmed_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ("-created_at", "-id"),
                "constraints": [
                    models.UniqueConstraint(fields=("user_id", "key"), name="savings_order_once"),
                    models.CheckConstraint(
                        condition=models.Q(("amount_minor__gt", 0)), name="savings_order_moves"
                    ),
                ],
            },
        ),
    ]
