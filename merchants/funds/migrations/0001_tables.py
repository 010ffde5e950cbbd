"""The tables of merchants.funds."""

from django.db import migrations, models

from config.kernel import clock, ids

ID = models.UUIDField(default=ids.uuid7, editable=False, primary_key=True, serialize=False)


class Migration(migrations.Migration):
    replaces = [
        ("funds", "0001_initial"),
        ("funds", "0002_transfer_batches"),
        ("funds", "0003_receipts_of_transfers"),
        ("funds", "0004_batches_that_wait"),
        ("funds", "0005_answers_of_a_real_bank"),
    ]

    initial = True

    dependencies = [("onboarding", "0001_tables")]

    operations = [
        migrations.CreateModel(
            name="MerchantTransfer",
            fields=[
                ("id", ID),
                ("reference", models.CharField(max_length=64)),
                ("number", models.CharField(max_length=32, unique=True)),
                ("fund_number", models.CharField(max_length=32, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[("WALLET", "WALLET"), ("BANK_CARD", "BANK_CARD")], max_length=9
                    ),
                ),
                (
                    "named_by",
                    models.CharField(
                        choices=[("NUMBER", "NUMBER"), ("LOGIN", "LOGIN"), ("CARD", "CARD")],
                        max_length=6,
                    ),
                ),
                ("identity", models.CharField(max_length=128)),
                ("payee_name", models.CharField(blank=True, max_length=128)),
                ("payee_account_id", models.UUIDField(blank=True, null=True)),
                ("bank", models.CharField(blank=True, max_length=64)),
                ("amount_minor", models.BigIntegerField()),
                ("currency", models.CharField(max_length=3)),
                ("title", models.CharField(blank=True, max_length=128)),
                ("remark", models.CharField(blank=True, max_length=200)),
                ("app_id", models.CharField(blank=True, max_length=16)),
                ("product", models.CharField(blank=True, max_length=64)),
                ("scene", models.CharField(blank=True, max_length=64)),
                ("origin", models.CharField(blank=True, max_length=64)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("PROCESSING", "PROCESSING"),
                            ("SUCCEEDED", "SUCCEEDED"),
                            ("FAILED", "FAILED"),
                            ("RETURNED", "RETURNED"),
                        ],
                        max_length=10,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=64)),
                ("business_date", models.DateField()),
                ("journal_id", models.UUIDField()),
                ("end_journal_id", models.UUIDField(blank=True, null=True)),
                ("return_journal_id", models.UUIDField(blank=True, null=True)),
                ("created_at", models.DateTimeField(default=clock.now)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                (
                    "merchant",
                    models.ForeignKey(
                        on_delete=models.PROTECT, related_name="transfers", to="onboarding.merchant"
                    ),
                ),
            ],
            options={
                "ordering": ("-created_at", "-id"),
                "indexes": [
                    models.Index(fields=["merchant", "created_at"], name="transfer_of_merchant"),
                    models.Index(fields=["merchant", "business_date"], name="transfer_of_day"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("merchant", "reference"), name="merchant_transfer_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount_minor__gt", 0)),
                        name="merchant_transfer_above_zero",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("finished_at__isnull", True), ("state", "PROCESSING")),
                            models.Q(
                                models.Q(("state", "PROCESSING"), _negated=True),
                                ("finished_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="merchant_transfer_ended_has_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CardAnswer",
            fields=[
                ("id", ID),
                (
                    "result",
                    models.CharField(
                        choices=[("PAID", "PAID"), ("RETURNED", "RETURNED")], max_length=8
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=64)),
                ("due_at", models.DateTimeField()),
                ("given_at", models.DateTimeField(blank=True, null=True)),
                (
                    "transfer",
                    models.ForeignKey(
                        on_delete=models.PROTECT,
                        related_name="answers",
                        to="funds.merchanttransfer",
                    ),
                ),
                ("amount_minor", models.BigIntegerField(blank=True, null=True)),
                (
                    "bank_reference",
                    models.CharField(blank=True, max_length=64, null=True, unique=True),
                ),
                ("currency", models.CharField(blank=True, db_default="", max_length=3)),
            ],
            options={
                "ordering": ("due_at", "id"),
                "indexes": [
                    models.Index(
                        condition=models.Q(("given_at", None)),
                        fields=["due_at"],
                        name="card_answer_due",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="BalanceTopup",
            fields=[
                ("id", ID),
                ("request_key", models.CharField(max_length=255)),
                ("amount_minor", models.BigIntegerField()),
                ("currency", models.CharField(max_length=3)),
                ("journal_id", models.UUIDField()),
                ("created_at", models.DateTimeField(default=clock.now)),
                (
                    "merchant",
                    models.ForeignKey(
                        on_delete=models.PROTECT, related_name="topups", to="onboarding.merchant"
                    ),
                ),
            ],
            options={
                "verbose_name": "balance top-up",
                "ordering": ("-created_at", "-id"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("merchant", "request_key"), name="balance_topup_one_per_key"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount_minor__gt", 0)), name="balance_topup_above_zero"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TransferBatch",
            fields=[
                ("id", ID),
                ("reference", models.CharField(max_length=64)),
                ("number", models.CharField(max_length=32, unique=True)),
                ("digest", models.CharField(max_length=64)),
                ("title", models.CharField(blank=True, max_length=128)),
                ("app_id", models.CharField(blank=True, max_length=16)),
                ("product", models.CharField(blank=True, max_length=64)),
                ("scene", models.CharField(blank=True, max_length=64)),
                ("origin", models.CharField(blank=True, max_length=64)),
                ("count", models.PositiveIntegerField()),
                ("total_minor", models.BigIntegerField()),
                ("currency", models.CharField(max_length=3)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("WAITING", "WAITING"),
                            ("SENDING", "SENDING"),
                            ("DONE", "DONE"),
                            ("CLOSED", "CLOSED"),
                        ],
                        default="SENDING",
                        max_length=7,
                    ),
                ),
                ("created_at", models.DateTimeField(default=clock.now)),
                ("due_at", models.DateTimeField(blank=True, null=True)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                (
                    "merchant",
                    models.ForeignKey(
                        on_delete=models.PROTECT,
                        related_name="transfer_batches",
                        to="onboarding.merchant",
                    ),
                ),
                ("expires_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "verbose_name_plural": "transfer batches",
                "ordering": ("-created_at", "-id"),
                "indexes": [
                    models.Index(
                        condition=models.Q(("due_at__isnull", False)),
                        fields=["due_at"],
                        name="transfer_batch_due",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("merchant", "reference"), name="transfer_batch_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("finished_at__isnull", True), ("state__in", ["WAITING", "SENDING"])
                            ),
                            models.Q(
                                models.Q(("state__in", ["WAITING", "SENDING"]), _negated=True),
                                ("finished_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="transfer_batch_ended_has_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BatchLine",
            fields=[
                ("id", ID),
                ("position", models.PositiveIntegerField()),
                ("reference", models.CharField(max_length=64)),
                (
                    "kind",
                    models.CharField(
                        choices=[("WALLET", "WALLET"), ("BANK_CARD", "BANK_CARD")], max_length=9
                    ),
                ),
                (
                    "named_by",
                    models.CharField(
                        choices=[("NUMBER", "NUMBER"), ("LOGIN", "LOGIN"), ("CARD", "CARD")],
                        max_length=6,
                    ),
                ),
                ("identity", models.CharField(max_length=128)),
                ("name", models.CharField(blank=True, max_length=128)),
                ("bank", models.CharField(blank=True, max_length=64)),
                ("amount_minor", models.BigIntegerField()),
                ("title", models.CharField(blank=True, max_length=128)),
                ("remark", models.CharField(blank=True, max_length=200)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("WAITING", "WAITING"),
                            ("SENT", "SENT"),
                            ("FAILED", "FAILED"),
                            ("CLOSED", "CLOSED"),
                        ],
                        default="WAITING",
                        max_length=7,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=64)),
                (
                    "transfer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=models.PROTECT,
                        related_name="lines",
                        to="funds.merchanttransfer",
                    ),
                ),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=models.PROTECT, related_name="lines", to="funds.transferbatch"
                    ),
                ),
            ],
            options={
                "ordering": ("batch", "position"),
                "indexes": [models.Index(fields=["batch", "state"], name="batch_line_waiting")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("batch", "position"), name="batch_line_position"
                    ),
                    models.UniqueConstraint(
                        fields=("batch", "reference"), name="batch_line_reference"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount_minor__gt", 0)), name="batch_line_above_zero"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Receipt",
            fields=[
                ("id", ID),
                ("number", models.CharField(max_length=32, unique=True)),
                ("created_at", models.DateTimeField(default=clock.now)),
                ("ready_at", models.DateTimeField()),
                (
                    "transfer",
                    models.OneToOneField(
                        on_delete=models.PROTECT,
                        related_name="receipt",
                        to="funds.merchanttransfer",
                    ),
                ),
            ],
            options={"ordering": ("-created_at", "-id")},
        ),
    ]
