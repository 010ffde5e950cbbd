"""The tables of config.kernel.audit; triggers refuse to change a row."""

from pathlib import Path

from django.db import migrations, models

from config.kernel import clock
from config.kernel.migration_sql import run_sql_file

SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):
    replaces = [
        ("audit", "0001_audit_chain"),
        ("audit", "0002_append_only"),
        ("audit", "0003_keyed_rows"),
        ("audit", "0004_rows_by_request"),
    ]

    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="AuditRoot",
            fields=[
                ("date", models.DateField(primary_key=True, serialize=False)),
                ("seq", models.PositiveBigIntegerField()),
                ("hash", models.CharField(max_length=64)),
                ("signed_at", models.DateTimeField(default=clock.now)),
                ("signature", models.CharField(max_length=128)),
            ],
            options={"ordering": ("-date",)},
        ),
        migrations.CreateModel(
            name="AuditEvent",
            fields=[
                ("seq", models.PositiveBigIntegerField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("actor", models.CharField(max_length=128)),
                ("action", models.CharField(max_length=64)),
                ("target", models.CharField(max_length=128)),
                ("purpose", models.CharField(blank=True, max_length=256)),
                ("before", models.JSONField(null=True)),
                ("after", models.JSONField(null=True)),
                ("request_id", models.CharField(blank=True, max_length=64)),
                ("prev_hash", models.CharField(max_length=64)),
                ("hash", models.CharField(max_length=64)),
            ],
            options={
                "ordering": ("-seq",),
                "indexes": [
                    models.Index(fields=["target", "-seq"], name="audit_by_target"),
                    models.Index(fields=["actor", "-seq"], name="audit_by_actor"),
                    models.Index(
                        condition=models.Q(("request_id", ""), _negated=True),
                        fields=["request_id"],
                        name="audit_by_request",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AuditHead",
            fields=[
                (
                    "id",
                    models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False),
                ),
                ("seq", models.PositiveBigIntegerField(default=0)),
                (
                    "hash",
                    models.CharField(
                        default="0000000000000000000000000000000000000000000000000000000000000000",
                        max_length=64,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="audit_one_head")
                ]
            },
        ),
        migrations.CreateModel(
            name="AuditSeal",
            fields=[
                (
                    "id",
                    models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False),
                ),
                ("seq", models.PositiveBigIntegerField()),
                ("hash", models.CharField(max_length=64)),
                ("signature", models.CharField(max_length=128)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="audit_one_seal")
                ]
            },
        ),
        run_sql_file(
            SQL / "append_only.postgresql.sql",
            SQL / "append_only.postgresql.reverse.sql",
            vendor="postgresql",
        ),
        run_sql_file(SQL / "append_only.sqlite.sql", vendor="sqlite"),
    ]
