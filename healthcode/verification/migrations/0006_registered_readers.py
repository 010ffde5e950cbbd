"""Card readers prove presence by a registration that two people stand behind."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Readers entered by one person alone prove nothing until another approves."""

    dependencies = (
        ("health_decisions", "0008_registered_sources"),
        ("health_verification", "0005_shows_and_lookups"),
    )

    operations = [
        migrations.RemoveField(
            model_name="terminal",
            name="reads_cards",
        ),
        migrations.AddField(
            model_name="terminal",
            name="registration",
            field=models.OneToOneField(
                editable=False,
                help_text="that it identifies people by their cards",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="terminal",
                to="health_decisions.sourceregistration",
            ),
        ),
    ]
