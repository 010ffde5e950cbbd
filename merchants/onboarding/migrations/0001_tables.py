"""The tables of merchants.onboarding."""

import uuid

from django.db import migrations, models

from config.kernel import clock, ids

ID = models.UUIDField(default=ids.uuid7, editable=False, primary_key=True, serialize=False)


class Migration(migrations.Migration):
    replaces = [
        ("onboarding", "0001_merchant_tables"),
        ("onboarding", "0002_mark_of_changes"),
        ("onboarding", "0003_credit_and_settled_until"),
        ("onboarding", "0004_how_persons_are_named"),
        ("onboarding", "0005_unused_right"),
    ]

    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="GatewayKey",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("public_key", models.TextField()),
                ("fingerprint", models.CharField(max_length=64, unique=True)),
                ("sealed_private_key", models.BinaryField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("ACTIVE", "Active"),
                            ("RETIRING", "Retiring"),
                            ("REVOKED", "Revoked"),
                        ],
                        default="ACTIVE",
                        max_length=8,
                    ),
                ),
                ("created_at", models.DateTimeField(default=clock.now)),
            ],
            options={
                "ordering": ("created_at", "id"),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "ACTIVE")),
                        fields=("state",),
                        name="gateway_one_active_key",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Merchant",
            fields=[
                ("id", ID),
                (
                    "merchant_id",
                    models.CharField(max_length=16, unique=True, verbose_name="merchant number"),
                ),
                ("owner_id", models.UUIDField(db_index=True)),
                ("name", models.CharField(max_length=64)),
                ("short_name", models.CharField(max_length=25)),
                ("mcc", models.CharField(max_length=4, verbose_name="merchant category code")),
                ("city", models.CharField(max_length=15)),
                ("country", models.CharField(default="CN", max_length=2)),
                ("currency", models.CharField(default="CNY", max_length=3)),
                (
                    "zone",
                    models.CharField(
                        default="Asia/Shanghai", max_length=40, verbose_name="time zone"
                    ),
                ),
                ("cutoff_hour", models.PositiveSmallIntegerField(default=0)),
                ("fee_bps", models.PositiveIntegerField(default=60)),
                ("payout_bank", models.CharField(blank=True, max_length=64)),
                ("payout_account", models.CharField(blank=True, max_length=34)),
                ("payout_holder", models.CharField(blank=True, max_length=64)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("DRAFT", "Draft"),
                            ("SUBMITTED", "Submitted"),
                            ("APPROVED", "Approved"),
                            ("SUSPENDED", "Suspended"),
                            ("CLOSED", "Closed"),
                        ],
                        max_length=9,
                    ),
                ),
                ("state_reason", models.CharField(blank=True, max_length=200)),
                ("pending_account_id", models.UUIDField(blank=True, null=True)),
                ("payable_account_id", models.UUIDField(blank=True, null=True)),
                ("reserve_account_id", models.UUIDField(blank=True, null=True)),
                ("receivable_account_id", models.UUIDField(blank=True, null=True)),
                ("unit", models.PositiveSmallIntegerField(default=0)),
                ("created_at", models.DateTimeField(default=clock.now)),
                ("approved_at", models.DateTimeField(blank=True, null=True)),
                ("state_changed_at", models.DateTimeField(default=clock.now)),
                (
                    "credit_minor",
                    models.BigIntegerField(blank=True, null=True, verbose_name="credit ceiling"),
                ),
                ("settled_until", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ("id",),
                "indexes": [models.Index(fields=["state", "zone"], name="merchant_by_state")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("cutoff_hour__lte", 23)),
                        name="merchant_cutoff_is_an_hour",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("fee_bps__lte", 10000)), name="merchant_fee_at_most_all"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "APPROVED"), _negated=True),
                            models.Q(
                                ("payable_account_id__isnull", False),
                                ("pending_account_id__isnull", False),
                                ("receivable_account_id__isnull", False),
                                ("reserve_account_id__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="merchant_approved_has_accounts",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("credit_minor__isnull", True),
                            ("credit_minor__gte", 0),
                            _connector="OR",
                        ),
                        name="merchant_credit_not_negative",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="App",
            fields=[
                ("id", ID),
                ("app_id", models.CharField(max_length=16, unique=True)),
                ("name", models.CharField(max_length=64)),
                ("notify_url", models.CharField(blank=True, max_length=255)),
                (
                    "state",
                    models.CharField(
                        choices=[("ACTIVE", "Active"), ("DISABLED", "Disabled")],
                        default="ACTIVE",
                        max_length=8,
                    ),
                ),
                ("created_at", models.DateTimeField(default=clock.now)),
                (
                    "merchant",
                    models.ForeignKey(
                        on_delete=models.PROTECT, related_name="apps", to="onboarding.merchant"
                    ),
                ),
                (
                    "person_naming",
                    models.CharField(
                        choices=[
                            ("user_id", "User_id"),
                            ("both", "Both"),
                            ("open_id_only", "Open_id_only"),
                        ],
                        default="user_id",
                        max_length=12,
                    ),
                ),
            ],
            options={"ordering": ("id",)},
        ),
        migrations.CreateModel(
            name="Store",
            fields=[
                ("id", ID),
                ("code", models.CharField(max_length=32)),
                ("name", models.CharField(max_length=64)),
                ("address", models.CharField(blank=True, max_length=200)),
                (
                    "state",
                    models.CharField(
                        choices=[("OPEN", "Open"), ("CLOSED", "Closed")],
                        default="OPEN",
                        max_length=6,
                    ),
                ),
                ("created_at", models.DateTimeField(default=clock.now)),
                (
                    "merchant",
                    models.ForeignKey(
                        on_delete=models.PROTECT, related_name="stores", to="onboarding.merchant"
                    ),
                ),
            ],
            options={
                "ordering": ("id",),
                "constraints": [
                    models.UniqueConstraint(fields=("merchant", "code"), name="store_code_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Till",
            fields=[
                ("id", ID),
                ("code", models.CharField(max_length=25)),
                ("label", models.CharField(blank=True, max_length=64)),
                ("token", models.CharField(max_length=26, unique=True)),
                (
                    "state",
                    models.CharField(
                        choices=[("OPEN", "Open"), ("CLOSED", "Closed")],
                        default="OPEN",
                        max_length=6,
                    ),
                ),
                ("created_at", models.DateTimeField(default=clock.now)),
                (
                    "merchant",
                    models.ForeignKey(
                        on_delete=models.PROTECT, related_name="tills", to="onboarding.merchant"
                    ),
                ),
                (
                    "store",
                    models.ForeignKey(
                        on_delete=models.PROTECT, related_name="tills", to="onboarding.store"
                    ),
                ),
            ],
            options={
                "ordering": ("id",),
                "constraints": [
                    models.UniqueConstraint(fields=("merchant", "code"), name="till_code_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="AppKey",
            fields=[
                ("id", ID),
                ("public_key", models.TextField()),
                ("fingerprint", models.CharField(max_length=64)),
                ("bits", models.PositiveIntegerField()),
                ("sign_types", models.CharField(default="RSA2", max_length=16)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("ACTIVE", "Active"),
                            ("RETIRING", "Retiring"),
                            ("REVOKED", "Revoked"),
                        ],
                        default="ACTIVE",
                        max_length=8,
                    ),
                ),
                ("created_at", models.DateTimeField(default=clock.now)),
                ("retires_at", models.DateTimeField(blank=True, null=True)),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                (
                    "app",
                    models.ForeignKey(
                        on_delete=models.PROTECT, related_name="keys", to="onboarding.app"
                    ),
                ),
            ],
            options={
                "ordering": ("id",),
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "RETIRING")),
                        fields=["retires_at"],
                        name="app_keys_retiring",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("app", "fingerprint"), name="app_key_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "ACTIVE")),
                        fields=("app",),
                        name="app_one_active_key",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "RETIRING"), _negated=True),
                            ("retires_at__isnull", False),
                            _connector="OR",
                        ),
                        name="app_key_retiring_has_an_end",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CredentialsChange",
            fields=[
                (
                    "id",
                    models.SmallIntegerField(
                        default=1, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("mark", models.UUIDField(default=uuid.uuid4)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("id", 1)), name="credentials_change_one_row"
                    )
                ]
            },
        ),
    ]
