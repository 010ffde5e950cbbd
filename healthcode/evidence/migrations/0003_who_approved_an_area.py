"""Who approved that a region is at risk: they do not judge the objections to it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("health_evidence", "0002_kinds_by_function")]

    operations = [
        migrations.AddField(
            "RiskArea",
            "approved_by",
            models.CharField(blank=True, db_default="", default="", max_length=160),
        )
    ]
