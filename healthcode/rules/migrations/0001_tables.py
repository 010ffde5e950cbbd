"""The tables of healthcode.rules."""

from django.db import migrations, models

from config.kernel import clock, ids


class Migration(migrations.Migration):
    replaces = [("health_rules", "0001_rule_sets"), ("health_rules", "0002_shadow_runs")]

    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="RuleSetVersion",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("version", models.CharField(max_length=64, unique=True)),
                ("region", models.CharField(max_length=6)),
                ("content", models.JSONField()),
                ("content_hash", models.CharField(max_length=64)),
                ("drafted_by", models.CharField(max_length=150)),
                ("drafted_at", models.DateTimeField(default=clock.now)),
                ("valid_from", models.DateTimeField(db_index=True, null=True)),
                ("approved_by", models.JSONField(default=list)),
                ("retired_at", models.DateTimeField(null=True)),
                ("shadow", models.JSONField(null=True)),
            ],
            options={
                "db_table": "health_rule_set",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_from__isnull", True),
                            models.Q(("approved_by", []), _negated=True),
                            _connector="OR",
                        ),
                        name="health_rule_set_in_force_was_approved",
                    )
                ],
            },
        )
    ]
