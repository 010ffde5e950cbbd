"""The tables of wallet.risk."""

import django.core.serializers.json
from django.db import migrations, models

from config.kernel import clock, ids

ID = models.UUIDField(default=ids.uuid7, editable=False, primary_key=True, serialize=False)


class Migration(migrations.Migration):
    replaces = [
        ("risk", "0001_risk_tables"),
        ("risk", "0002_whole_risk"),
        ("risk", "0003_overdue_cases_flagged"),
    ]

    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="RiskCase",
            fields=[
                ("id", ID),
                ("pattern", models.CharField(max_length=160)),
                ("payer_id", models.UUIDField()),
                ("payee_id", models.UUIDField()),
                ("summary", models.CharField(max_length=256)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("OPEN", "OPEN"),
                            ("ASSIGNED", "ASSIGNED"),
                            ("RESOLVED", "RESOLVED"),
                        ],
                        default="OPEN",
                        max_length=8,
                    ),
                ),
                ("assignee", models.CharField(blank=True, max_length=150)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("CONFIRMED_RISK", "CONFIRMED_RISK"),
                            ("FALSE_POSITIVE", "FALSE_POSITIVE"),
                            ("VALUABLE_ALERT", "VALUABLE_ALERT"),
                        ],
                        max_length=16,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=512)),
                ("opened_at", models.DateTimeField(default=clock.now)),
                ("assigned_at", models.DateTimeField(blank=True, null=True)),
                ("resolved_at", models.DateTimeField(blank=True, null=True)),
                ("due_at", models.DateTimeField(blank=True, null=True)),
                ("snoozed_until", models.DateTimeField(blank=True, null=True)),
                ("flagged_at", models.DateTimeField(blank=True, editable=False, null=True)),
            ],
            options={
                "ordering": ("-opened_at", "-id"),
                "indexes": [
                    models.Index(fields=["state", "opened_at"], name="case_by_state"),
                    models.Index(
                        condition=models.Q(("due_at__isnull", False), ("flagged_at__isnull", True)),
                        fields=["due_at"],
                        name="case_unflagged",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "RESOLVED"), _negated=True),
                        fields=("pattern",),
                        name="case_one_open_per_pattern",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("resolved_at__isnull", False),
                                ("state", "RESOLVED"),
                                models.Q(("outcome", ""), _negated=True),
                                models.Q(("reason", ""), _negated=True),
                            ),
                            models.Q(
                                models.Q(("state", "RESOLVED"), _negated=True), ("outcome", "")
                            ),
                            _connector="OR",
                        ),
                        name="case_resolved_with_outcome",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RiskDecision",
            fields=[
                ("id", ID),
                ("payment_id", models.UUIDField()),
                (
                    "stage",
                    models.CharField(
                        choices=[("INLINE", "INLINE"), ("AFTER", "AFTER")], max_length=6
                    ),
                ),
                (
                    "decision",
                    models.CharField(
                        choices=[
                            ("ACCEPT", "ACCEPT"),
                            ("REVIEW", "REVIEW"),
                            ("CHALLENGE", "CHALLENGE"),
                            ("DELAY", "DELAY"),
                            ("REJECT", "REJECT"),
                        ],
                        max_length=9,
                    ),
                ),
                ("score", models.PositiveSmallIntegerField()),
                ("reasons", models.JSONField(default=list)),
                (
                    "features",
                    models.JSONField(
                        default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder
                    ),
                ),
                ("rule_set", models.CharField(max_length=32)),
                ("payer_id", models.UUIDField()),
                ("payee_id", models.UUIDField()),
                ("device_id", models.UUIDField(null=True)),
                ("amount_minor", models.BigIntegerField()),
                ("currency", models.CharField(max_length=3)),
                ("decided_at", models.DateTimeField(default=clock.now)),
                (
                    "case",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=models.PROTECT,
                        related_name="decisions",
                        to="risk.riskcase",
                    ),
                ),
                ("contributions", models.JSONField(default=dict)),
                ("degraded", models.JSONField(default=list)),
                (
                    "movement",
                    models.CharField(
                        choices=[
                            ("CODE", "CODE"),
                            ("SCAN", "SCAN"),
                            ("DEBIT", "DEBIT"),
                            ("TRANSFER", "TRANSFER"),
                            ("WITHDRAWAL", "WITHDRAWAL"),
                            ("MERCHANT_TRANSFER", "MERCHANT_TRANSFER"),
                        ],
                        default="CODE",
                        max_length=17,
                    ),
                ),
            ],
            options={
                "ordering": ("-decided_at", "-id"),
                "indexes": [
                    models.Index(fields=["payer_id", "decided_at"], name="decision_of_payer"),
                    models.Index(fields=["payee_id", "decided_at"], name="decision_of_payee"),
                    models.Index(
                        condition=models.Q(("device_id__isnull", False)),
                        fields=["device_id", "decided_at"],
                        name="decision_of_device",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("payment_id", "stage"), name="decision_one_per_stage"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("score__lte", 100)), name="decision_score_to_100"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RiskModel",
            fields=[
                ("id", ID),
                ("version", models.CharField(max_length=32, unique=True)),
                ("text", models.TextField()),
                ("threshold", models.FloatField()),
                ("figures", models.JSONField(default=dict)),
                ("reference", models.JSONField(default=dict)),
                ("trained_at", models.DateTimeField(default=clock.now)),
            ],
            options={"ordering": ("-trained_at", "-id")},
        ),
        migrations.CreateModel(
            name="RiskRuleSet",
            fields=[
                ("id", ID),
                ("version", models.CharField(max_length=32, unique=True)),
                (
                    "content",
                    models.JSONField(encoder=django.core.serializers.json.DjangoJSONEncoder),
                ),
                ("content_hash", models.CharField(max_length=64)),
                ("drafted_by", models.CharField(max_length=150)),
                ("drafted_at", models.DateTimeField(default=clock.now)),
                ("shadow_since", models.DateTimeField(blank=True, null=True)),
                ("published_at", models.DateTimeField(blank=True, null=True)),
                ("approved_by", models.JSONField(default=list)),
            ],
            options={"ordering": ("-drafted_at", "-id")},
        ),
        migrations.CreateModel(
            name="ListEntry",
            fields=[
                ("id", ID),
                (
                    "listed",
                    models.CharField(
                        choices=[("payer", "payer"), ("payee", "payee"), ("device", "device")],
                        max_length=6,
                    ),
                ),
                ("subject_id", models.UUIDField()),
                (
                    "kind",
                    models.CharField(
                        choices=[("block", "block"), ("allow", "allow"), ("watch", "watch")],
                        max_length=5,
                    ),
                ),
                ("reason", models.CharField(max_length=512)),
                ("added_by", models.CharField(max_length=150)),
                ("added_at", models.DateTimeField(default=clock.now)),
                ("ends_at", models.DateTimeField(blank=True, null=True)),
                ("removed_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "verbose_name_plural": "list entries",
                "ordering": ("-added_at", "-id"),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("removed_at__isnull", True)),
                        fields=("listed", "subject_id"),
                        name="listed_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PayeeRefund",
            fields=[
                ("refund_id", models.UUIDField(primary_key=True, serialize=False)),
                ("payee_id", models.UUIDField()),
                ("at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["payee_id", "at"], name="refund_seen_of_payee")]
            },
        ),
        migrations.CreateModel(
            name="PayoutHold",
            fields=[
                ("id", ID),
                ("payee_id", models.UUIDField()),
                ("since", models.DateTimeField(default=clock.now)),
                ("released_at", models.DateTimeField(blank=True, null=True)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=models.PROTECT, related_name="holds", to="risk.riskcase"
                    ),
                ),
            ],
            options={
                "ordering": ("-since", "-id"),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("released_at__isnull", True)),
                        fields=("payee_id", "case"),
                        name="payout_held_once_per_case",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ShadowVerdict",
            fields=[
                ("id", ID),
                ("rule_set", models.CharField(max_length=32)),
                (
                    "verdict",
                    models.CharField(
                        choices=[
                            ("ACCEPT", "ACCEPT"),
                            ("REVIEW", "REVIEW"),
                            ("CHALLENGE", "CHALLENGE"),
                            ("DELAY", "DELAY"),
                            ("REJECT", "REJECT"),
                        ],
                        max_length=9,
                    ),
                ),
                ("score", models.PositiveSmallIntegerField()),
                ("reasons", models.JSONField(default=list)),
                (
                    "decision",
                    models.ForeignKey(
                        on_delete=models.CASCADE, related_name="shadows", to="risk.riskdecision"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["rule_set"], name="shadow_of_set")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("decision", "rule_set"), name="shadow_one_per_set"
                    )
                ],
            },
        ),
    ]
