"""The tables of healthcode.evidence; triggers refuse to change a row."""

from pathlib import Path

from django.db import migrations, models

from config.kernel import clock, ids
from config.kernel.migration_sql import run_sql_file

SQL = Path(__file__).parent / "sql"


ID = models.UUIDField(default=ids.uuid7, editable=False, primary_key=True, serialize=False)


class Migration(migrations.Migration):
    replaces = [
        ("health_evidence", "0001_evidence_tables"),
        ("health_evidence", "0002_append_only"),
        ("health_evidence", "0003_seals_and_register"),
        ("health_evidence", "0004_moves"),
    ]

    initial = True

    dependencies = [("health_subjects", "0001_tables")]

    operations = [
        migrations.CreateModel(
            name="RiskArea",
            fields=[
                ("id", ID),
                (
                    "region",
                    models.CharField(db_index=True, help_text="GB/T 2260 code", max_length=6),
                ),
                (
                    "level",
                    models.CharField(
                        choices=[("low", "LOW"), ("medium", "MEDIUM"), ("high", "HIGH")],
                        max_length=8,
                    ),
                ),
                ("valid_from", models.DateTimeField()),
                ("valid_until", models.DateTimeField(null=True)),
                ("declared_by", models.CharField(max_length=128)),
            ],
            options={
                "db_table": "health_risk_area",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_until__isnull", True),
                            ("valid_until__gt", models.F("valid_from")),
                            _connector="OR",
                        ),
                        name="health_risk_area_has_a_length",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Evidence",
            fields=[
                ("id", ID),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("declaration", "DECLARATION"),
                            ("daily_checkin", "DAILY_CHECKIN"),
                            ("temperature", "TEMPERATURE"),
                            ("naat", "NAAT"),
                            ("antigen", "ANTIGEN"),
                            ("vaccination", "VACCINATION"),
                            ("recovery", "RECOVERY"),
                            ("entry", "ENTRY"),
                            ("area_stay", "AREA_STAY"),
                            ("contact", "CONTACT"),
                            ("contact_of_contact", "CONTACT_OF_CONTACT"),
                            ("venue_overlap", "VENUE_OVERLAP"),
                            ("quarantine_start", "QUARANTINE_START"),
                            ("quarantine_end", "QUARANTINE_END"),
                            ("case_open", "CASE_OPEN"),
                            ("case_close", "CASE_CLOSE"),
                            ("external_certificate", "EXTERNAL_CERTIFICATE"),
                            ("relocation", "RELOCATION"),
                        ],
                        max_length=24,
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("self", "SELF"),
                            ("laboratory", "LABORATORY"),
                            ("authority", "AUTHORITY"),
                            ("tracing", "TRACING"),
                            ("certificate", "CERTIFICATE"),
                        ],
                        max_length=12,
                    ),
                ),
                ("source_ref", models.CharField(max_length=128)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("asserted", "ASSERTED"),
                            ("verified", "VERIFIED"),
                            ("disputed", "DISPUTED"),
                            ("retracted", "RETRACTED"),
                        ],
                        max_length=9,
                    ),
                ),
                ("observed_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField(default=clock.now, editable=False)),
                ("payload", models.JSONField(default=dict)),
                ("schema_version", models.PositiveSmallIntegerField(default=1)),
                ("delete_after", models.DateTimeField(db_index=True)),
                (
                    "retracts",
                    models.OneToOneField(
                        null=True, on_delete=models.PROTECT, to="health_evidence.evidence"
                    ),
                ),
                (
                    "subject",
                    models.ForeignKey(
                        on_delete=models.PROTECT,
                        related_name="evidence",
                        to="health_subjects.subject",
                    ),
                ),
                ("seal", models.CharField(default="", editable=False, max_length=64)),
            ],
            options={
                "db_table": "health_evidence",
                "ordering": ("-id",),
                "indexes": [
                    models.Index(fields=["subject", "observed_at"], name="health_evidence_of")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("source", "source_ref"), name="health_evidence_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("retracts__isnull", False), ("status", "retracted")),
                            models.Q(
                                models.Q(("status", "retracted"), _negated=True),
                                ("retracts__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="health_retraction_names_its_target",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Register",
            fields=[
                ("part", models.PositiveSmallIntegerField(primary_key=True, serialize=False)),
                ("version", models.PositiveBigIntegerField(default=0)),
                ("rows", models.BigIntegerField(default=0)),
                ("total", models.CharField(max_length=64)),
                ("hash", models.CharField(max_length=64)),
            ],
            options={"db_table": "health_register"},
        ),
        run_sql_file(
            SQL / "append_only.postgresql.sql",
            SQL / "append_only.postgresql.reverse.sql",
            vendor="postgresql",
        ),
        run_sql_file(SQL / "append_only.sqlite.sql", vendor="sqlite"),
    ]
