"""Laboratories count by a registration that two people stand behind."""

import django.db.models.deletion
from django.db import migrations, models

import config.kernel.clock
import config.kernel.ids


class Migration(migrations.Migration):
    """Who was entered by one person alone counts no more until somebody approves."""

    dependencies = (("health_decisions", "0007_reports_stubs_and_acts"),)

    operations = [
        migrations.RemoveField(
            model_name="laboratory",
            name="active",
        ),
        migrations.AlterField(
            model_name="daycount",
            name="dimension",
            field=models.CharField(
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
        migrations.CreateModel(
            name="SourceRegistration",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=config.kernel.ids.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
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
                ("registered_at", models.DateTimeField(default=config.kernel.clock.now)),
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
        migrations.AddField(
            model_name="laboratory",
            name="registration",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="laboratory",
                to="health_decisions.sourceregistration",
            ),
        ),
    ]
