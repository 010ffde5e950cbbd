"""The tables of healthcode.tracing."""

from django.db import migrations, models

from config.kernel import clock, ids

ID = models.UUIDField(default=ids.uuid7, editable=False, primary_key=True, serialize=False)


class Migration(migrations.Migration):
    initial = True

    dependencies = [("health_subjects", "0001_tables"), ("health_verification", "0001_tables")]

    operations = [
        migrations.CreateModel(
            name="TraceCase",
            fields=[
                ("id", ID),
                ("case_ref", models.CharField(max_length=40, unique=True)),
                ("evidence_id", models.UUIDField(null=True)),
                ("purpose", models.CharField(max_length=256)),
                ("begins_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("minutes", models.PositiveSmallIntegerField()),
                ("people", models.PositiveIntegerField(default=0)),
                (
                    "state",
                    models.CharField(
                        choices=[("DONE", "DONE"), ("EXPIRED", "EXPIRED")],
                        default="DONE",
                        max_length=8,
                    ),
                ),
                ("maker", models.CharField(max_length=150)),
                ("first_checker", models.CharField(max_length=150)),
                ("second_checker", models.CharField(max_length=150)),
                ("approval_id", models.UUIDField(unique=True)),
                ("made_at", models.DateTimeField(default=clock.now, editable=False)),
                ("due_at", models.DateTimeField(db_index=True)),
                (
                    "subject",
                    models.ForeignKey(
                        null=True, on_delete=models.SET_NULL, to="health_subjects.subject"
                    ),
                ),
            ],
            options={
                "db_table": "health_trace_case",
                "ordering": ("-id",),
                "permissions": (("approve_tracecase", "Can approve tracing"),),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("maker", models.F("first_checker")), _negated=True),
                            models.Q(("maker", models.F("second_checker")), _negated=True),
                            models.Q(("first_checker", models.F("second_checker")), _negated=True),
                        ),
                        name="health_trace_by_three",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("begins_at__lt", models.F("ends_at"))),
                        name="health_trace_has_a_window",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "EXPIRED"), _negated=True),
                            models.Q(("evidence_id__isnull", True), ("subject__isnull", True)),
                            _connector="OR",
                        ),
                        name="health_expired_trace_names_nobody",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TraceMatch",
            fields=[
                ("id", ID),
                ("begins_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("evidence_id", models.UUIDField()),
                (
                    "contact",
                    models.BooleanField(default=False, help_text="confirmed as a close contact"),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=models.CASCADE,
                        related_name="matches",
                        to="health_tracing.tracecase",
                    ),
                ),
                (
                    "subject",
                    models.ForeignKey(on_delete=models.CASCADE, to="health_subjects.subject"),
                ),
                (
                    "venue",
                    models.ForeignKey(on_delete=models.PROTECT, to="health_verification.venue"),
                ),
            ],
            options={
                "db_table": "health_trace_match",
                "ordering": ("id",),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("case", "subject", "venue", "begins_at"), name="health_one_match"
                    )
                ],
            },
        ),
    ]
