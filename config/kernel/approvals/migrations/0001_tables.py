"""The tables of config.kernel.approvals; triggers hold the rules of requests and votes."""

from pathlib import Path

import django.db.models.functions.text
import django.db.models.lookups
from django.conf import settings
from django.db import migrations, models

from config.kernel import clock, ids
from config.kernel.migration_sql import run_sql_file

HERE = Path(__file__).parent


class Migration(migrations.Migration):
    replaces = [
        ("approvals", "0001_approval_tables"),
        ("approvals", "0002_votes_name_the_maker"),
        ("approvals", "0003_targets_and_sponsors"),
        ("approvals", "0004_tamper_proof"),
        ("approvals", "0005_thresholds"),
    ]

    initial = True

    dependencies = [migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.CreateModel(
            name="ApprovalRequest",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("action", models.CharField(max_length=64)),
                ("parameters", models.JSONField(default=dict)),
                ("state", models.JSONField(default=dict)),
                ("state_hash", models.CharField(max_length=64)),
                ("effect", models.JSONField(default=dict)),
                ("reason", models.TextField()),
                ("checkers_needed", models.PositiveSmallIntegerField(default=1)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("PENDING", "PENDING"),
                            ("APPROVED", "APPROVED"),
                            ("EXECUTED", "EXECUTED"),
                            ("FAILED", "FAILED"),
                            ("REJECTED", "REJECTED"),
                            ("WITHDRAWN", "WITHDRAWN"),
                            ("EXPIRED", "EXPIRED"),
                            ("STALE", "STALE"),
                        ],
                        default="PENDING",
                        max_length=10,
                    ),
                ),
                ("requested_at", models.DateTimeField(default=clock.now)),
                ("expires_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("executed_at", models.DateTimeField(blank=True, null=True)),
                ("result", models.JSONField(blank=True, default=dict)),
                ("failure_code", models.CharField(blank=True, max_length=64)),
                (
                    "maker",
                    models.ForeignKey(
                        on_delete=models.PROTECT,
                        related_name="approval_requests",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("target", models.CharField(default="", max_length=128)),
                ("target_version", models.PositiveBigIntegerField(default=0)),
            ],
            options={
                "ordering": ("-requested_at", "-id"),
                "indexes": [
                    models.Index(
                        condition=models.Q(("status", "PENDING")),
                        fields=["expires_at"],
                        name="approvals_waiting",
                    ),
                    models.Index(
                        condition=models.Q(("status", "APPROVED")),
                        fields=["decided_at"],
                        name="approvals_to_execute",
                    ),
                    models.Index(fields=["requested_at"], name="approvals_by_date"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "status__in",
                                [
                                    "PENDING",
                                    "APPROVED",
                                    "EXECUTED",
                                    "FAILED",
                                    "REJECTED",
                                    "WITHDRAWN",
                                    "EXPIRED",
                                    "STALE",
                                ],
                            )
                        ),
                        name="approvals_known_status",
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.GreaterThanOrEqual(
                            django.db.models.functions.text.Length("reason"), 10
                        ),
                        name="approvals_reason_is_given",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("checkers_needed__gte", 1)),
                        name="approvals_someone_checks",
                    ),
                    models.UniqueConstraint(fields=("id", "maker"), name="approvals_one_maker"),
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("status", "PENDING"), models.Q(("target", ""), _negated=True)
                        ),
                        fields=("action", "target"),
                        name="approvals_one_pending",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ApprovalVote",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("approves", models.BooleanField()),
                ("comment", models.TextField(blank=True)),
                ("voted_at", models.DateTimeField(default=clock.now)),
                (
                    "checker",
                    models.ForeignKey(
                        on_delete=models.PROTECT,
                        related_name="approval_votes",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "maker",
                    models.ForeignKey(
                        on_delete=models.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=models.PROTECT,
                        related_name="votes",
                        to="approvals.approvalrequest",
                    ),
                ),
            ],
            options={
                "ordering": ("voted_at", "id"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("request", "checker"), name="approvals_one_vote_each"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("maker", models.F("checker")), _negated=True),
                        name="approvals_two_people",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OperatorSponsor",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "act",
                    models.CharField(
                        choices=[("CREATED", "CREATED"), ("PROMOTED", "PROMOTED")], max_length=8
                    ),
                ),
                ("at", models.DateTimeField(default=clock.now)),
                (
                    "operator",
                    models.ForeignKey(
                        on_delete=models.PROTECT,
                        related_name="sponsors",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "sponsor",
                    models.ForeignKey(
                        on_delete=models.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["operator", "sponsor"], name="approvals_sponsored")
                ]
            },
        ),
        migrations.CreateModel(
            name="TargetVersion",
            fields=[
                ("target", models.CharField(max_length=128, primary_key=True, serialize=False)),
                ("version", models.PositiveBigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="ThresholdVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=64)),
                ("value", models.BigIntegerField()),
                ("set_at", models.DateTimeField(default=clock.now)),
                (
                    "request",
                    models.OneToOneField(
                        on_delete=models.PROTECT,
                        related_name="threshold",
                        to="approvals.approvalrequest",
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
                "indexes": [models.Index(fields=["name", "-id"], name="approvals_threshold")],
            },
        ),
        run_sql_file(HERE / "votes_name_the_maker.sql", vendor="postgresql"),
        run_sql_file(
            HERE / "sql" / "tamper_proof.postgresql.sql",
            HERE / "sql" / "tamper_proof.postgresql.reverse.sql",
            vendor="postgresql",
        ),
        run_sql_file(HERE / "sql" / "tamper_proof.sqlite.sql", vendor="sqlite"),
    ]
