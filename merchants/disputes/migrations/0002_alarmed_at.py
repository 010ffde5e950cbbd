"""When operators were alarmed that a dispute's review is overdue."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """One column, empty for what is there."""

    dependencies = [("disputes", "0001_tables")]

    operations = [
        migrations.AddField("dispute", "alarmed_at", models.DateTimeField(blank=True, null=True)),
    ]
