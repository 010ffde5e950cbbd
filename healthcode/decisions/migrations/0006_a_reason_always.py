"""No decision without a reason; an override may be ended before its time."""

from pathlib import Path

from django.db import migrations, models

from config.kernel.migration_sql import run_sql_file

SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):
    """Rows that are there keep their form: they are chained by hash and never edited."""

    dependencies = (("health_decisions", "0005_notices_of_guardians"),)
    operations = [
        migrations.AddField(
            model_name="override",
            name="ended_at",
            field=models.DateTimeField(null=True, help_text="before its time, by a correction"),
        ),
        migrations.AddField(
            model_name="decision",
            name="schema_version",
            field=models.PositiveSmallIntegerField(default=1),
        ),
        migrations.AlterField(
            model_name="decision",
            name="schema_version",
            field=models.PositiveSmallIntegerField(default=2),
        ),
        migrations.RemoveConstraint(model_name="decision", name="health_decision_has_a_reason"),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(
                name="health_decision_has_a_reason",
                condition=models.Q(
                    models.Q(("reasons", []), _negated=True),
                    models.Q(
                        ("schema_version", 1),
                        models.Q(
                            ("colour", "UNKNOWN"), ("override__isnull", False), _connector="OR"
                        ),
                    ),
                    _connector="OR",
                ),
            ),
        ),
        # SQLite has written the table anew by now, and lost its trigger.
        run_sql_file(
            SQL / "append_only.sqlite.sql",
            SQL / "append_only.sqlite.reverse.sql",
            vendor="sqlite",
        ),
    ]
