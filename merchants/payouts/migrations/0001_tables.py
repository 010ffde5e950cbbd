"""The tables of merchants.payouts."""

from django.db import migrations, models

from config.kernel import clock, ids

ID = models.UUIDField(default=ids.uuid7, editable=False, primary_key=True, serialize=False)


class Migration(migrations.Migration):
    replaces = [
        ("payouts", "0001_payout_tables"),
        ("payouts", "0002_cases_and_recalls"),
        ("payouts", "0003_messages_of_the_bank"),
        ("payouts", "0004_netted"),
    ]

    initial = True

    dependencies = [("onboarding", "0001_tables"), ("settlement", "0001_tables")]

    operations = [
        migrations.CreateModel(
            name="Payout",
            fields=[
                ("id", ID),
                ("attempt", models.PositiveSmallIntegerField()),
                ("amount_minor", models.BigIntegerField()),
                ("currency", models.CharField(max_length=3)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("CREATED", "CREATED"),
                            ("SUBMITTED", "SUBMITTED"),
                            ("PAID", "PAID"),
                            ("RETURNED", "RETURNED"),
                            ("OVERDUE", "OVERDUE"),
                            ("RECALLED", "RECALLED"),
                        ],
                        default="CREATED",
                        max_length=9,
                    ),
                ),
                ("bank", models.CharField(blank=True, max_length=64)),
                ("bank_account", models.CharField(blank=True, max_length=34)),
                ("holder", models.CharField(blank=True, max_length=64)),
                ("bank_reference", models.CharField(blank=True, max_length=64)),
                ("reason", models.CharField(blank=True, max_length=64)),
                ("created_at", models.DateTimeField(default=clock.now)),
                ("due_at", models.DateTimeField(default=clock.now)),
                ("submitted_at", models.DateTimeField(blank=True, null=True)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                ("out_journal_id", models.UUIDField()),
                ("end_journal_id", models.UUIDField(blank=True, null=True)),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=models.PROTECT,
                        related_name="payouts",
                        to="settlement.settlementbatch",
                    ),
                ),
                (
                    "merchant",
                    models.ForeignKey(
                        on_delete=models.PROTECT, related_name="payouts", to="onboarding.merchant"
                    ),
                ),
                ("recall_journal_id", models.UUIDField(blank=True, null=True)),
            ],
            options={
                "ordering": ("-created_at", "-id"),
                "permissions": (
                    ("approve_payout", "Can approve another try of a returned payout"),
                ),
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "CREATED")),
                        fields=["due_at"],
                        name="payout_to_submit",
                    ),
                    models.Index(
                        condition=models.Q(("state", "SUBMITTED")),
                        fields=["submitted_at"],
                        name="payout_unanswered",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("batch", "attempt"), name="payout_attempt_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount_minor__gt", 0)), name="payout_above_zero"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("state__in", ("CREATED", "SUBMITTED", "OVERDUE", "PAID"))
                        ),
                        fields=("batch",),
                        name="payout_one_live",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("end_journal_id__isnull", True),
                                ("state__in", ["CREATED", "SUBMITTED", "OVERDUE"]),
                            ),
                            models.Q(
                                ("end_journal_id__isnull", False),
                                ("state__in", ["PAID", "RETURNED"]),
                            ),
                            models.Q(
                                ("end_journal_id__isnull", False),
                                ("recall_journal_id__isnull", False),
                                ("state", "RECALLED"),
                            ),
                            _connector="OR",
                        ),
                        name="payout_end_has_journal",
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
                        choices=[("PAID", "PAID"), ("RETURNED", "RETURNED")], max_length=8
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=64)),
                ("due_at", models.DateTimeField()),
                ("given_at", models.DateTimeField(blank=True, null=True)),
                (
                    "disposition",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("APPLIED", "APPLIED"),
                            ("REPEATED", "REPEATED"),
                            ("CONTRADICTED", "CONTRADICTED"),
                            ("RECALLED", "RECALLED"),
                            ("MISMATCHED", "MISMATCHED"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "payout",
                    models.ForeignKey(
                        on_delete=models.PROTECT, related_name="answers", to="payouts.payout"
                    ),
                ),
                ("amount_minor", models.BigIntegerField(blank=True, null=True)),
                ("is_true", models.BooleanField(db_default=True, default=True)),
            ],
            options={
                "ordering": ("due_at", "id"),
                "indexes": [
                    models.Index(
                        condition=models.Q(("given_at__isnull", True)),
                        fields=["due_at"],
                        name="payout_answer_due",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PayoutCase",
            fields=[
                ("id", ID),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("RETURNED", "RETURNED"),
                            ("RECALLED", "RECALLED"),
                            ("OVERDUE", "OVERDUE"),
                            ("MISMATCHED", "MISMATCHED"),
                            ("CONTRADICTED", "CONTRADICTED"),
                        ],
                        max_length=12,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=64)),
                ("in_suspense", models.BooleanField(default=False)),
                ("opened_at", models.DateTimeField(default=clock.now)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("closed_by", models.CharField(blank=True, max_length=150)),
                ("journal_id", models.UUIDField(blank=True, null=True)),
                (
                    "payout",
                    models.ForeignKey(
                        on_delete=models.PROTECT, related_name="cases", to="payouts.payout"
                    ),
                ),
            ],
            options={
                "verbose_name": "payout case",
                "ordering": ("-opened_at", "-id"),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("closed_at__isnull", True)),
                        fields=("payout", "kind"),
                        name="payout_case_one_open",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="BankMessage",
            fields=[
                ("id", ID),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("content", models.BinaryField()),
                ("received_at", models.DateTimeField(default=clock.now)),
                ("processed_at", models.DateTimeField(blank=True, null=True)),
                ("dispositions", models.JSONField(blank=True, default=dict)),
            ],
            options={
                "ordering": ("received_at", "id"),
                "indexes": [
                    models.Index(
                        condition=models.Q(("processed_at__isnull", True)),
                        fields=["received_at"],
                        name="payout_message_due",
                    )
                ],
            },
        ),
    ]
