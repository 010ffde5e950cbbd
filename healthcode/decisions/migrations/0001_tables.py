"""The tables of healthcode.decisions; triggers refuse to change a row."""

import datetime
import uuid
from pathlib import Path

import django.db.models.expressions
from django.db import migrations, models

from config.kernel import clock, ids
from config.kernel.migration_sql import run_sql_file

SQL = Path(__file__).parent / "sql"


ID = models.UUIDField(default=ids.uuid7, editable=False, primary_key=True, serialize=False)


class Migration(migrations.Migration):
    replaces = [
        ("health_decisions", "0001_decision_tables"),
        ("health_decisions", "0002_append_only"),
        ("health_decisions", "0003_laboratories"),
        ("health_decisions", "0004_accountability"),
        ("health_decisions", "0005_notices_of_guardians"),
        ("health_decisions", "0006_a_reason_always"),
        ("health_decisions", "0007_reports_stubs_and_acts"),
        ("health_decisions", "0008_registered_sources"),
        ("health_decisions", "0009_register"),
        ("health_decisions", "0010_notices_of_paper"),
        ("health_decisions", "0011_events_purged"),
        ("health_decisions", "0012_passages"),
    ]

    initial = True

    dependencies = [("health_evidence", "0001_tables"), ("health_subjects", "0001_tables")]

    operations = [
        migrations.CreateModel(
            name="Alarm",
            fields=[
                ("id", ID),
                ("kind", models.CharField(max_length=32)),
                ("at", models.DateTimeField(default=clock.now)),
                ("facts", models.JSONField(default=dict)),
                ("seen_by", models.CharField(blank=True, max_length=150)),
            ],
            options={"db_table": "health_alarm", "ordering": ("-id",)},
        ),
        migrations.CreateModel(
            name="Override",
            fields=[
                ("id", ID),
                (
                    "colour",
                    models.CharField(
                        choices=[
                            ("UNKNOWN", "UNKNOWN"),
                            ("GREEN", "GREEN"),
                            ("YELLOW", "YELLOW"),
                            ("RED", "RED"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("LABORATORY_ERROR", "LABORATORY_ERROR"),
                            ("IDENTITY_MIXED_UP", "IDENTITY_MIXED_UP"),
                            ("CLINICIAN_CLEARED", "CLINICIAN_CLEARED"),
                            ("CONFIRMED_CASE_BY_PHONE", "CONFIRMED_CASE_BY_PHONE"),
                            ("OUTBREAK_ORDER", "OUTBREAK_ORDER"),
                        ],
                        max_length=24,
                    ),
                ),
                ("legal_basis", models.CharField(max_length=256)),
                ("evidence", models.JSONField(default=list)),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("maker", models.CharField(max_length=150)),
                ("checker", models.CharField(max_length=150)),
                ("approval_id", models.UUIDField()),
                (
                    "subject",
                    models.ForeignKey(
                        on_delete=models.PROTECT,
                        related_name="overrides",
                        to="health_subjects.subject",
                    ),
                ),
                ("batch_size", models.PositiveSmallIntegerField(default=1)),
                ("third", models.CharField(blank=True, max_length=150)),
                (
                    "ended_at",
                    models.DateTimeField(help_text="before its time, by a correction", null=True),
                ),
            ],
            options={
                "db_table": "health_override",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("maker", models.F("checker")), _negated=True),
                        name="health_override_by_two",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_at__gt", models.F("starts_at")),
                            (
                                "ends_at__lte",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("starts_at"),
                                    "+",
                                    models.Value(datetime.timedelta(days=3)),
                                ),
                            ),
                        ),
                        name="health_override_ends",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("colour", "UNKNOWN"), _negated=True),
                        name="health_override_colour",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("batch_size", 1),
                            models.Q(
                                models.Q(("third", ""), _negated=True),
                                models.Q(("third", models.F("maker")), _negated=True),
                                models.Q(("third", models.F("checker")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="health_override_of_many_by_three",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("batch_size__gte", 1), ("batch_size__lte", 20)),
                        name="health_override_batch_cap",
                    ),
                    models.UniqueConstraint(
                        fields=("approval_id", "subject"), name="health_override_once"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                ("id", ID),
                ("seq", models.PositiveIntegerField()),
                (
                    "colour",
                    models.CharField(
                        choices=[
                            ("UNKNOWN", "UNKNOWN"),
                            ("GREEN", "GREEN"),
                            ("YELLOW", "YELLOW"),
                            ("RED", "RED"),
                        ],
                        max_length=8,
                    ),
                ),
                ("reasons", models.JSONField(default=list)),
                ("advisories", models.JSONField(default=list)),
                ("rule_set", models.CharField(max_length=64)),
                ("rule_set_hash", models.CharField(max_length=64)),
                ("computed_at", models.DateTimeField()),
                ("valid_until", models.DateTimeField(null=True)),
                (
                    "trigger",
                    models.CharField(
                        choices=[
                            ("EVIDENCE", "EVIDENCE"),
                            ("TIME", "TIME"),
                            ("MISSED_CHECKIN", "MISSED_CHECKIN"),
                            ("OVERRIDE", "OVERRIDE"),
                            ("CORRECTION", "CORRECTION"),
                            ("REQUEST", "REQUEST"),
                        ],
                        max_length=16,
                    ),
                ),
                ("indeterminate", models.BooleanField(default=False)),
                (
                    "prev_hash",
                    models.CharField(
                        default="0000000000000000000000000000000000000000000000000000000000000000",
                        max_length=64,
                    ),
                ),
                ("hash", models.CharField(max_length=64)),
                (
                    "subject",
                    models.ForeignKey(
                        on_delete=models.PROTECT,
                        related_name="decisions",
                        to="health_subjects.subject",
                    ),
                ),
                (
                    "override",
                    models.ForeignKey(
                        null=True, on_delete=models.PROTECT, to="health_decisions.override"
                    ),
                ),
                ("schema_version", models.PositiveSmallIntegerField(default=3)),
            ],
            options={
                "db_table": "health_decision",
                "ordering": ("-id",),
                "indexes": [models.Index(fields=["computed_at"], name="health_decision_by_time")],
                "constraints": [
                    models.UniqueConstraint(fields=("subject", "seq"), name="health_decision_seq"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("reasons", []), _negated=True),
                            models.Q(
                                ("schema_version", 1),
                                models.Q(
                                    ("colour", "UNKNOWN"),
                                    ("override__isnull", False),
                                    _connector="OR",
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="health_decision_has_a_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Head",
            fields=[
                (
                    "subject",
                    models.OneToOneField(
                        on_delete=models.PROTECT,
                        primary_key=True,
                        serialize=False,
                        to="health_subjects.subject",
                    ),
                ),
                ("recolour_at", models.DateTimeField(db_index=True, null=True)),
                ("checkin_due_at", models.DateTimeField(db_index=True, null=True)),
                ("clean_running", models.PositiveSmallIntegerField(default=0)),
                (
                    "decision",
                    models.ForeignKey(
                        on_delete=models.PROTECT, related_name="+", to="health_decisions.decision"
                    ),
                ),
                ("first_seq", models.PositiveIntegerField(default=1)),
            ],
            options={"db_table": "health_decision_head"},
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                ("id", ID),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("COLOUR_CHANGED", "COLOUR_CHANGED"),
                            ("CHECKIN_MISSED", "CHECKIN_MISSED"),
                            ("OVERRIDE_SET", "OVERRIDE_SET"),
                            ("OVERRIDE_ENDED", "OVERRIDE_ENDED"),
                            ("CORRECTION_DECIDED", "CORRECTION_DECIDED"),
                            ("GUARDIANSHIP", "GUARDIANSHIP"),
                            ("TRACED", "TRACED"),
                            ("PAPER_ISSUED", "PAPER_ISSUED"),
                            ("PAPER_REVOKED", "PAPER_REVOKED"),
                        ],
                        max_length=20,
                    ),
                ),
                ("at", models.DateTimeField(default=clock.now)),
                ("facts", models.JSONField(default=dict)),
                (
                    "subject",
                    models.ForeignKey(
                        on_delete=models.CASCADE,
                        related_name="notices",
                        to="health_subjects.subject",
                    ),
                ),
            ],
            options={"db_table": "health_notice", "ordering": ("-id",)},
        ),
        migrations.CreateModel(
            name="SourceRegistration",
            fields=[
                ("id", ID),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("laboratory", "LABORATORY"),
                            ("issuer", "ISSUER"),
                            ("terminal", "TERMINAL"),
                        ],
                        max_length=12,
                    ),
                ),
                ("name", models.CharField(max_length=80)),
                ("maker", models.CharField(max_length=150)),
                ("checker", models.CharField(max_length=150)),
                ("third", models.CharField(blank=True, max_length=150)),
                ("approval_id", models.UUIDField(unique=True)),
                ("registered_at", models.DateTimeField(default=clock.now)),
                ("withdrawn_at", models.DateTimeField(null=True)),
                ("withdrawn_by", models.CharField(blank=True, max_length=160)),
            ],
            options={
                "db_table": "health_source_registration",
                "ordering": ("-id",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("maker", ""), _negated=True),
                            models.Q(("checker", ""), _negated=True),
                            models.Q(("maker", models.F("checker")), _negated=True),
                        ),
                        name="health_source_by_two",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "issuer"), _negated=True),
                            models.Q(
                                models.Q(("third", ""), _negated=True),
                                models.Q(("third", models.F("maker")), _negated=True),
                                models.Q(("third", models.F("checker")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="health_issuer_by_three",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Laboratory",
            fields=[
                ("id", ID),
                ("name", models.CharField(max_length=80, unique=True)),
                ("public_jwk", models.JSONField(help_text="EC P-256 public key as a JWK")),
                (
                    "kid",
                    models.CharField(
                        help_text="the key's RFC 7638 thumbprint", max_length=64, unique=True
                    ),
                ),
                (
                    "by_machine",
                    models.BooleanField(default=False, help_text="its readings are preliminary"),
                ),
                (
                    "registration",
                    models.OneToOneField(
                        null=True,
                        on_delete=models.PROTECT,
                        related_name="laboratory",
                        to="health_decisions.sourceregistration",
                    ),
                ),
            ],
            options={"verbose_name_plural": "laboratories", "db_table": "health_laboratory"},
        ),
        migrations.CreateModel(
            name="QuarantinedReport",
            fields=[
                ("id", ID),
                ("number", models.CharField(max_length=40)),
                ("digest", models.CharField(max_length=32)),
                ("sealed_content", models.BinaryField()),
                ("received_at", models.DateTimeField(default=clock.now)),
                ("delete_after", models.DateTimeField(db_index=True)),
                (
                    "laboratory",
                    models.ForeignKey(on_delete=models.PROTECT, to="health_decisions.laboratory"),
                ),
                (
                    "pseudonym",
                    models.CharField(blank=True, db_index=True, editable=False, max_length=64),
                ),
            ],
            options={
                "db_table": "health_quarantined_report",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("laboratory", "number", "digest"), name="health_quarantined_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DayCount",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("day", models.DateField()),
                (
                    "dimension",
                    models.CharField(
                        choices=[
                            ("colour", "COLOUR"),
                            ("rule", "RULE"),
                            ("region", "REGION"),
                            ("operator", "OPERATOR"),
                            ("source", "SOURCE"),
                            ("body", "BODY"),
                        ],
                        max_length=8,
                    ),
                ),
                ("name", models.CharField(max_length=150)),
                ("count", models.PositiveIntegerField(default=0)),
            ],
            options={
                "db_table": "health_day_count",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("day", "dimension", "name"), name="health_one_count_a_day"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Hold",
            fields=[
                (
                    "evidence",
                    models.OneToOneField(
                        on_delete=models.CASCADE,
                        primary_key=True,
                        related_name="hold",
                        serialize=False,
                        to="health_evidence.evidence",
                    ),
                ),
                ("look_again_at", models.DateTimeField(db_index=True)),
            ],
            options={"db_table": "health_evidence_hold"},
        ),
        migrations.CreateModel(
            name="PersonList",
            fields=[
                ("id", ID),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("contact", "CONTACT"),
                            ("contact_of_contact", "CONTACT_OF_CONTACT"),
                            ("quarantine_start", "QUARANTINE_START"),
                        ],
                        max_length=24,
                    ),
                ),
                ("case_reference", models.CharField(max_length=64)),
                ("purpose", models.CharField(max_length=256)),
                ("people", models.PositiveIntegerField()),
                ("imported_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField(db_index=True)),
                ("expired_at", models.DateTimeField(null=True)),
                ("maker", models.CharField(max_length=150)),
                ("checkers", models.JSONField(default=list)),
                ("approval_id", models.UUIDField(unique=True)),
            ],
            options={
                "db_table": "health_person_list",
                "ordering": ("-id",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("expires_at__gt", models.F("imported_at"))),
                        name="health_list_ends",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("case_reference", ""), _negated=True),
                            models.Q(("purpose", ""), _negated=True),
                        ),
                        name="health_list_of_a_case",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Tally",
            fields=[
                (
                    "id",
                    models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False),
                ),
                ("counted_until", models.DateTimeField(null=True)),
                ("purged_at", models.DateTimeField(null=True)),
                ("events_purged_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "health_tally",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="health_one_tally")
                ],
            },
        ),
        migrations.CreateModel(
            name="ErasureStub",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "holder_ref",
                    models.CharField(blank=True, db_index=True, editable=False, max_length=64),
                ),
                (
                    "pseudonym",
                    models.CharField(blank=True, db_index=True, editable=False, max_length=64),
                ),
                ("sealed_content", models.BinaryField()),
                ("delete_after", models.DateTimeField(db_index=True)),
            ],
            options={"db_table": "health_erasure_stub"},
        ),
        migrations.CreateModel(
            name="ColourAct",
            fields=[
                ("id", ID),
                (
                    "passage",
                    models.CharField(
                        choices=[
                            ("SELF_REPORT", "SELF_REPORT"),
                            ("DESK", "DESK"),
                            ("LABORATORY", "LABORATORY"),
                            ("PLACED", "PLACED"),
                            ("CLINICIAN", "CLINICIAN"),
                            ("CLINICIAN_DESK", "CLINICIAN_DESK"),
                            ("CERTIFICATE", "CERTIFICATE"),
                            ("REVOCATION", "REVOCATION"),
                            ("OVERRIDE", "OVERRIDE"),
                            ("OVERRIDE_OF_MANY", "OVERRIDE_OF_MANY"),
                            ("LIST", "LIST"),
                            ("LIST_ENDED", "LIST_ENDED"),
                            ("TRACING", "TRACING"),
                            ("CONTACTS", "CONTACTS"),
                            ("FINDING", "FINDING"),
                            ("AREA", "AREA"),
                            ("APPEAL", "APPEAL"),
                            ("RETURN", "RETURN"),
                        ],
                        max_length=20,
                    ),
                ),
                ("people", models.JSONField(default=list)),
                ("approval_id", models.UUIDField(null=True)),
                ("at", models.DateTimeField(default=clock.now)),
                (
                    "evidence",
                    models.ForeignKey(
                        null=True,
                        on_delete=models.CASCADE,
                        related_name="acts",
                        to="health_evidence.evidence",
                    ),
                ),
                (
                    "override",
                    models.ForeignKey(
                        null=True,
                        on_delete=models.CASCADE,
                        related_name="acts",
                        to="health_decisions.override",
                    ),
                ),
                (
                    "subject",
                    models.ForeignKey(
                        on_delete=models.CASCADE,
                        related_name="colour_acts",
                        to="health_subjects.subject",
                    ),
                ),
            ],
            options={"db_table": "health_colour_act"},
        ),
        migrations.CreateModel(
            name="LaboratoryReport",
            fields=[
                ("id", ID),
                ("number", models.CharField(max_length=40)),
                ("digest", models.CharField(max_length=32)),
                ("status", models.CharField(max_length=16)),
                ("issued_at", models.DateTimeField(null=True)),
                ("received_at", models.DateTimeField(default=clock.now)),
                ("delete_after", models.DateTimeField(db_index=True)),
                (
                    "laboratory",
                    models.ForeignKey(on_delete=models.PROTECT, to="health_decisions.laboratory"),
                ),
            ],
            options={
                "db_table": "health_laboratory_report",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("laboratory", "number"), name="health_one_newest_version"
                    )
                ],
            },
        ),
        run_sql_file(
            SQL / "append_only.postgresql.sql",
            SQL / "append_only.postgresql.reverse.sql",
            vendor="postgresql",
        ),
        run_sql_file(SQL / "append_only.sqlite.sql", vendor="sqlite"),
    ]
