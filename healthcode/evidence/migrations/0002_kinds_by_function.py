"""Kinds are asked of a function: a new one needs no migration. No table changes."""

from django.db import migrations, models

from healthcode.evidence.models import kind_choices


class Migration(migrations.Migration):
    dependencies = [("health_evidence", "0001_tables")]

    operations = [
        migrations.AlterField(
            model_name="evidence",
            name="kind",
            field=models.CharField(choices=kind_choices, max_length=24),
        ),
    ]
