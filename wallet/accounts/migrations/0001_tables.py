"""The tables of wallet.accounts."""

import datetime
from pathlib import Path

from django.db import migrations, models

from config.kernel import clock, ids
from config.kernel.migration_sql import run_sql_file

HERE = Path(__file__).parent


ID = models.UUIDField(default=ids.uuid7, editable=False, primary_key=True, serialize=False)


class Migration(migrations.Migration):
    replaces = [
        ("accounts", "0001_accounts_tables"),
        ("accounts", "0002_persons"),
        ("accounts", "0003_people_of_wallets"),
        ("accounts", "0004_limits_of_persons"),
        ("accounts", "0005_phones"),
        ("accounts", "0006_where_refunds_go"),
        ("accounts", "0007_notes_of_customers"),
    ]

    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Person",
            fields=[
                ("id", ID),
                ("identity_digest", models.CharField(max_length=64, null=True, unique=True)),
                ("legal_name", models.CharField(blank=True, max_length=64)),
                ("verified_at", models.DateTimeField(null=True)),
                ("created_at", models.DateTimeField(default=clock.now)),
            ],
        ),
        migrations.CreateModel(
            name="WalletUser",
            fields=[
                ("id", ID),
                ("user_id", models.CharField(max_length=16, unique=True)),
                ("phone", models.CharField(db_index=True, max_length=16)),
                ("name", models.CharField(max_length=64)),
                ("password_hash", models.CharField(max_length=128)),
                ("pin_hash", models.CharField(max_length=128)),
                ("pin_strikes", models.PositiveSmallIntegerField(default=0)),
                ("pin_locked_until", models.DateTimeField(null=True)),
                ("kyc_tier", models.PositiveSmallIntegerField(default=0)),
                ("kyc_suspended_tier", models.PositiveSmallIntegerField(null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[("ACTIVE", "ACTIVE"), ("FROZEN", "FROZEN"), ("CLOSED", "CLOSED")],
                        default="ACTIVE",
                        max_length=8,
                    ),
                ),
                ("available_account_id", models.UUIDField(unique=True)),
                ("zone", models.CharField(default="Asia/Shanghai", max_length=40)),
                ("unit", models.PositiveSmallIntegerField()),
                ("created_at", models.DateTimeField(default=clock.now)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=models.PROTECT, related_name="wallets", to="accounts.person"
                    ),
                ),
                ("closed_at", models.DateTimeField(null=True)),
                ("phone_proven_at", models.DateTimeField(null=True)),
                ("refunds_to_bank", models.BooleanField(db_default=False, default=False)),
            ],
            options={
                "permissions": (
                    ("freeze_walletuser", "Can freeze a wallet account"),
                    ("suspend_kyc", "Can suspend a verification"),
                    ("help_walletuser", "Can unlock a PIN, revoke a device and write notes"),
                ),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kyc_tier__lte", 3)), name="user_tier_0_to_3"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["ACTIVE", "FROZEN", "CLOSED"])),
                        name="user_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("user_id__regex", "^\\d{16}$")),
                        name="user_id_16_digits",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "CLOSED"), _negated=True),
                        fields=("phone",),
                        name="user_one_open_per_phone",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Device",
            fields=[
                ("id", ID),
                ("label", models.CharField(max_length=64)),
                ("key_version", models.PositiveIntegerField(default=1)),
                ("public_key", models.TextField(blank=True)),
                ("request_key", models.CharField(max_length=255, null=True)),
                ("created_at", models.DateTimeField(default=clock.now)),
                ("last_seen_at", models.DateTimeField(default=clock.now)),
                ("revoked_at", models.DateTimeField(null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=models.PROTECT, related_name="devices", to="accounts.walletuser"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("user", "request_key"), name="device_one_per_key"
                    )
                ]
            },
        ),
        migrations.CreateModel(
            name="KycApplication",
            fields=[
                ("id", ID),
                ("tier", models.PositiveSmallIntegerField()),
                ("legal_name", models.CharField(max_length=64)),
                ("id_number_masked", models.CharField(max_length=18)),
                ("id_number_digest", models.CharField(max_length=64)),
                ("birth_date", models.DateField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("PENDING", "PENDING"),
                            ("APPROVED", "APPROVED"),
                            ("REJECTED", "REJECTED"),
                        ],
                        default="PENDING",
                        max_length=8,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=32)),
                ("created_at", models.DateTimeField(default=clock.now)),
                ("due_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=models.PROTECT,
                        related_name="applications",
                        to="accounts.walletuser",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "PENDING")),
                        fields=["due_at"],
                        name="application_due",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("tier__gte", 1), ("tier__lte", 3)),
                        name="application_tier_1_to_3",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "PENDING")),
                        fields=("user",),
                        name="application_one_pending",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SessionToken",
            fields=[
                ("id", ID),
                ("token_hash", models.CharField(max_length=64, unique=True)),
                ("label", models.CharField(blank=True, max_length=64)),
                ("created_at", models.DateTimeField(default=clock.now)),
                ("expires_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=models.CASCADE, related_name="sessions", to="accounts.walletuser"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Topup",
            fields=[
                ("id", ID),
                ("request_key", models.CharField(max_length=255)),
                ("amount_minor", models.BigIntegerField()),
                ("currency", models.CharField(default="CNY", max_length=3)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("CREATED", "CREATED"),
                            ("PROCESSING", "PROCESSING"),
                            ("SUCCEEDED", "SUCCEEDED"),
                            ("FAILED", "FAILED"),
                            ("EXPIRED", "EXPIRED"),
                        ],
                        default="CREATED",
                        max_length=10,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=64)),
                ("journal_id", models.UUIDField(null=True)),
                ("unit", models.PositiveSmallIntegerField()),
                ("created_at", models.DateTimeField(default=clock.now)),
                ("expires_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=models.PROTECT, related_name="topups", to="accounts.walletuser"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["CREATED", "PROCESSING"])),
                        fields=["expires_at"],
                        name="topup_expiry",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("user", "request_key"), name="topup_one_per_key"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount_minor__gt", 0)), name="topup_above_zero"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("journal_id__isnull", False), ("state", "SUCCEEDED")),
                            models.Q(
                                models.Q(("state", "SUCCEEDED"), _negated=True),
                                ("journal_id__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="topup_journal_if_succeeded",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Withdrawal",
            fields=[
                ("id", ID),
                ("request_key", models.CharField(max_length=255)),
                ("amount_minor", models.BigIntegerField()),
                ("currency", models.CharField(default="CNY", max_length=3)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("CREATED", "CREATED"),
                            ("REVIEW", "REVIEW"),
                            ("SUBMITTED", "SUBMITTED"),
                            ("PAID", "PAID"),
                            ("RETURNED", "RETURNED"),
                        ],
                        default="CREATED",
                        max_length=10,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=64)),
                ("hold_id", models.UUIDField(null=True)),
                ("unit", models.PositiveSmallIntegerField()),
                ("created_at", models.DateTimeField(default=clock.now)),
                ("submitted_at", models.DateTimeField(null=True)),
                ("overdue_at", models.DateTimeField(null=True)),
                ("finished_at", models.DateTimeField(null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=models.PROTECT,
                        related_name="withdrawals",
                        to="accounts.walletuser",
                    ),
                ),
            ],
            options={
                "permissions": (("review_withdrawal", "Can decide large withdrawals"),),
                "indexes": [
                    models.Index(
                        condition=models.Q(("overdue_at__isnull", True), ("state", "SUBMITTED")),
                        fields=["submitted_at"],
                        name="withdrawal_in_transit",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("user", "request_key"), name="withdrawal_one_per_key"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount_minor__gt", 0)), name="withdrawal_above_zero"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BankCallback",
            fields=[
                ("id", ID),
                ("bank_reference", models.CharField(max_length=64, unique=True)),
                ("instruction_id", models.UUIDField()),
                ("amount_minor", models.BigIntegerField()),
                ("currency", models.CharField(max_length=3)),
                (
                    "result",
                    models.CharField(
                        choices=[("SUCCEEDED", "SUCCEEDED"), ("FAILED", "FAILED")], max_length=10
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=64)),
                ("received_at", models.DateTimeField(default=clock.now)),
                ("due_at", models.DateTimeField(default=clock.now)),
                ("processed_at", models.DateTimeField(null=True)),
                (
                    "disposition",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("APPLIED", "APPLIED"),
                            ("REPEATED", "REPEATED"),
                            ("LATE", "LATE"),
                            ("RELEASED", "RELEASED"),
                            ("MISMATCHED", "MISMATCHED"),
                            ("UNMATCHED", "UNMATCHED"),
                            ("CONTRADICTED", "CONTRADICTED"),
                        ],
                        max_length=12,
                    ),
                ),
                ("journal_id", models.UUIDField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("processed_at__isnull", True)),
                        fields=["due_at"],
                        name="callback_unprocessed",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("disposition", ""), ("processed_at__isnull", True)),
                            models.Q(
                                ("processed_at__isnull", False),
                                models.Q(("disposition", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="callback_disposed_if_processed",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="BankInstruction",
            fields=[
                ("id", ID),
                (
                    "kind",
                    models.CharField(
                        choices=[("TOPUP", "TOPUP"), ("WITHDRAWAL", "WITHDRAWAL")], max_length=10
                    ),
                ),
                ("subject_id", models.UUIDField()),
                ("amount_minor", models.BigIntegerField()),
                ("currency", models.CharField(max_length=3)),
                ("due_at", models.DateTimeField(default=clock.now)),
                ("sent_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("sent_at__isnull", True)),
                        fields=["due_at"],
                        name="instruction_unsent",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "subject_id"), name="instruction_once"),
                    models.CheckConstraint(
                        condition=models.Q(("amount_minor__gt", 0)), name="instruction_above_zero"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BankAnswer",
            fields=[
                ("id", ID),
                ("bank_reference", models.CharField(max_length=64)),
                (
                    "result",
                    models.CharField(
                        choices=[("SUCCEEDED", "SUCCEEDED"), ("FAILED", "FAILED")], max_length=10
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=64)),
                ("due_at", models.DateTimeField()),
                ("given_at", models.DateTimeField(null=True)),
                (
                    "instruction",
                    models.ForeignKey(on_delete=models.PROTECT, to="accounts.bankinstruction"),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("given_at__isnull", True)),
                        fields=["due_at"],
                        name="answer_due",
                    )
                ]
            },
        ),
        migrations.CreateModel(
            name="LoginThrottle",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("PHONE", "PHONE"), ("ADDRESS", "ADDRESS")], max_length=8
                    ),
                ),
                ("subject", models.CharField(max_length=64)),
                ("strikes", models.PositiveSmallIntegerField(default=0)),
                ("locked_until", models.DateTimeField(null=True)),
                ("struck_at", models.DateTimeField(default=clock.now)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "subject"), name="throttle_one_subject")
                ]
            },
        ),
        migrations.CreateModel(
            name="LimitUsage",
            fields=[
                (
                    "person",
                    models.OneToOneField(
                        on_delete=models.PROTECT,
                        primary_key=True,
                        related_name="usage",
                        serialize=False,
                        to="accounts.person",
                    ),
                ),
                ("lifetime_minor", models.BigIntegerField(default=0)),
                ("year", models.PositiveSmallIntegerField(default=0)),
                ("year_minor", models.BigIntegerField(default=0)),
                ("reserved_minor", models.BigIntegerField(default=0)),
                ("day", models.DateField(default=datetime.date(1, 1, 1))),
                ("day_no_pin_minor", models.BigIntegerField(default=0)),
                ("day_pin_minor", models.BigIntegerField(default=0)),
                ("day_offline_minor", models.BigIntegerField(default=0)),
                ("day_static_minor", models.BigIntegerField(default=0)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("day_no_pin_minor__gte", 0),
                            ("day_offline_minor__gte", 0),
                            ("day_pin_minor__gte", 0),
                            ("day_static_minor__gte", 0),
                            ("lifetime_minor__gte", 0),
                            ("reserved_minor__gte", 0),
                            ("year_minor__gte", 0),
                        ),
                        name="usage_not_negative",
                    )
                ]
            },
        ),
        migrations.CreateModel(
            name="PhoneCode",
            fields=[
                ("id", ID),
                ("phone", models.CharField(max_length=16)),
                (
                    "purpose",
                    models.CharField(
                        choices=[("REGISTER", "REGISTER"), ("PROVE", "PROVE"), ("RESET", "RESET")],
                        max_length=8,
                    ),
                ),
                ("digest", models.CharField(max_length=64)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("phone", "purpose"), name="phone_code_one")
                ]
            },
        ),
        migrations.CreateModel(
            name="SmsMessage",
            fields=[
                ("id", ID),
                ("phone", models.CharField(max_length=16)),
                ("text", models.CharField(max_length=160)),
                ("created_at", models.DateTimeField(default=clock.now)),
            ],
            options={
                "indexes": [models.Index(fields=["phone", "created_at"], name="sms_of_phone")]
            },
        ),
        migrations.CreateModel(
            name="CustomerNote",
            fields=[
                ("id", ID),
                ("author", models.CharField(max_length=150)),
                ("text", models.CharField(max_length=500)),
                ("written_at", models.DateTimeField(default=clock.now)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=models.PROTECT, related_name="notes", to="accounts.walletuser"
                    ),
                ),
            ],
            options={"ordering": ("-written_at", "-id"), "default_permissions": ("view",)},
        ),
        run_sql_file(HERE / "usage_room.sql", vendor="postgresql"),
    ]
