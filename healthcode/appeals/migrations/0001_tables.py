"""The tables of healthcode.appeals."""

from django.db import migrations, models

from config.kernel import clock, ids


class Migration(migrations.Migration):
    replaces = [
        ("health_appeals", "0001_appeal_tables"),
        ("health_appeals", "0002_words_of_states"),
    ]

    initial = True

    dependencies = [
        ("health_decisions", "0001_tables"),
        ("health_evidence", "0001_tables"),
        ("health_subjects", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="Appeal",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("grounds", models.TextField(max_length=2000)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("OPEN", "open"),
                            ("UNDER_REVIEW", "under review"),
                            ("UPHELD", "dismissed"),
                            ("OVERTURNED", "granted"),
                        ],
                        default="OPEN",
                        max_length=12,
                    ),
                ),
                ("filed_at", models.DateTimeField(default=clock.now, editable=False)),
                ("due_at", models.DateTimeField(db_index=True)),
                ("overdue", models.BooleanField(default=False)),
                ("decided_at", models.DateTimeField(null=True)),
                ("outcome_text", models.TextField(blank=True, max_length=2000)),
                ("maker", models.CharField(blank=True, max_length=150)),
                ("checker", models.CharField(blank=True, max_length=150)),
                (
                    "decision",
                    models.ForeignKey(
                        null=True, on_delete=models.SET_NULL, to="health_decisions.decision"
                    ),
                ),
                (
                    "evidence",
                    models.ForeignKey(
                        null=True, on_delete=models.SET_NULL, to="health_evidence.evidence"
                    ),
                ),
                (
                    "subject",
                    models.ForeignKey(
                        on_delete=models.CASCADE,
                        related_name="appeals",
                        to="health_subjects.subject",
                    ),
                ),
            ],
            options={
                "db_table": "health_appeal",
                "ordering": ("-id",),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["OPEN", "UNDER_REVIEW"])),
                        fields=("subject",),
                        name="health_one_open_appeal",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_at__isnull", True),
                            models.Q(("maker", models.F("checker")), _negated=True),
                            _connector="OR",
                        ),
                        name="health_appeal_decided_by_two",
                    ),
                ],
            },
        )
    ]
