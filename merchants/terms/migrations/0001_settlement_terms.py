"""The tables of merchants.terms."""

from django.db import migrations, models

from config.kernel import clock, ids

ID = models.UUIDField(default=ids.uuid7, editable=False, primary_key=True, serialize=False)


class Migration(migrations.Migration):
    initial = True

    dependencies = [("onboarding", "0001_tables")]

    operations = [
        migrations.CreateModel(
            name="CalendarDay",
            fields=[
                ("id", ID),
                ("calendar", models.CharField(max_length=2)),
                ("day", models.DateField()),
                ("is_working", models.BooleanField()),
                ("decided_by", models.CharField(max_length=150)),
                ("created_at", models.DateTimeField(default=clock.now)),
            ],
            options={
                "verbose_name": "calendar day",
                "ordering": ("-day", "calendar"),
                "constraints": [
                    models.UniqueConstraint(fields=("calendar", "day"), name="calendar_day_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="BankAccountChange",
            fields=[
                ("id", ID),
                ("bank", models.CharField(max_length=64)),
                ("account", models.CharField(max_length=34)),
                ("holder", models.CharField(max_length=64)),
                ("decided_by", models.CharField(max_length=150)),
                ("created_at", models.DateTimeField(default=clock.now)),
                ("takes_effect_at", models.DateTimeField()),
                ("applied_at", models.DateTimeField(blank=True, null=True)),
                ("cancelled_at", models.DateTimeField(blank=True, null=True)),
                (
                    "merchant",
                    models.ForeignKey(
                        on_delete=models.PROTECT,
                        related_name="bank_account_changes",
                        to="onboarding.merchant",
                    ),
                ),
            ],
            options={
                "verbose_name": "bank account change",
                "ordering": ("-created_at",),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("applied_at__isnull", True), ("cancelled_at__isnull", True)
                        ),
                        fields=("merchant",),
                        name="bank_account_change_one_waits",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="MethodFee",
            fields=[
                ("id", ID),
                ("version", models.PositiveIntegerField()),
                ("method", models.CharField(blank=True, max_length=8)),
                ("valid_from", models.DateField()),
                ("fee_bps", models.PositiveIntegerField()),
                ("fixed_minor", models.BigIntegerField(default=0)),
                ("minimum_minor", models.BigIntegerField(default=0)),
                ("maximum_minor", models.BigIntegerField(blank=True, null=True)),
                ("kept_on_refund", models.BooleanField(default=False)),
                ("decided_by", models.CharField(max_length=150)),
                ("created_at", models.DateTimeField(default=clock.now)),
                (
                    "merchant",
                    models.ForeignKey(
                        on_delete=models.PROTECT,
                        related_name="method_fees",
                        to="onboarding.merchant",
                    ),
                ),
            ],
            options={
                "verbose_name": "fee",
                "ordering": ("merchant", "method", "-valid_from", "-version"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("merchant", "version"), name="method_fee_version_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("fee_bps__lte", 10000),
                            ("fixed_minor__gte", 0),
                            ("minimum_minor__gte", 0),
                            models.Q(
                                ("maximum_minor__isnull", True),
                                ("maximum_minor__gte", models.F("minimum_minor")),
                                _connector="OR",
                            ),
                        ),
                        name="method_fee_within_bounds",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PayoutHold",
            fields=[
                ("id", ID),
                ("reason", models.CharField(max_length=200)),
                ("placed_by", models.CharField(max_length=150)),
                ("placed_at", models.DateTimeField(default=clock.now)),
                ("lifted_by", models.CharField(blank=True, max_length=150)),
                ("lifted_at", models.DateTimeField(blank=True, null=True)),
                (
                    "merchant",
                    models.ForeignKey(
                        on_delete=models.PROTECT,
                        related_name="payout_holds",
                        to="onboarding.merchant",
                    ),
                ),
            ],
            options={
                "verbose_name": "payout hold",
                "ordering": ("-placed_at",),
                "permissions": (("place_payouthold", "Can hold a merchant's payouts"),),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("lifted_at__isnull", True)),
                        fields=("merchant",),
                        name="payout_hold_one_live",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PayoutTermsVersion",
            fields=[
                ("id", ID),
                ("version", models.PositiveIntegerField()),
                ("valid_from", models.DateField()),
                ("delay_days", models.PositiveSmallIntegerField(default=0)),
                ("calendar", models.CharField(blank=True, max_length=2)),
                (
                    "schedule",
                    models.CharField(
                        choices=[
                            ("DAILY", "DAILY"),
                            ("WEEKLY", "WEEKLY"),
                            ("MONTHLY", "MONTHLY"),
                            ("ON_DEMAND", "ON_DEMAND"),
                        ],
                        max_length=9,
                    ),
                ),
                ("schedule_day", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("minimum_minor", models.BigIntegerField(default=0)),
                ("reserve_bps", models.PositiveIntegerField(default=0)),
                ("reserve_days", models.PositiveSmallIntegerField(default=0)),
                ("decided_by", models.CharField(max_length=150)),
                ("created_at", models.DateTimeField(default=clock.now)),
                (
                    "merchant",
                    models.ForeignKey(
                        on_delete=models.PROTECT,
                        related_name="payout_terms",
                        to="onboarding.merchant",
                    ),
                ),
            ],
            options={
                "verbose_name": "payout terms",
                "verbose_name_plural": "payout terms",
                "ordering": ("merchant", "-valid_from", "-version"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("merchant", "version"), name="payout_terms_version_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("minimum_minor__gte", 0), ("reserve_bps__lte", 10000)),
                        name="payout_terms_within_bounds",
                    ),
                ],
            },
        ),
    ]
