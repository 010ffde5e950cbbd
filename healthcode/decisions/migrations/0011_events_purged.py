"""When old events were last purged."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Additive."""

    dependencies = [
        ("health_decisions", "0010_notices_of_paper"),
    ]

    operations = [
        migrations.AddField(
            model_name="tally",
            name="events_purged_at",
            field=models.DateTimeField(null=True),
        ),
    ]
