"""Two more passages to a colour: a report that was placed, a certificate that was revoked."""

from django.db import migrations, models

from healthcode.decisions.authority import Passage


class Migration(migrations.Migration):
    """The list of passages is the code's; no column changes."""

    dependencies = (("health_decisions", "0011_events_purged"),)
    operations = [
        migrations.AlterField(
            model_name="colouract",
            name="passage",
            field=models.CharField(choices=[(p.value, p.name) for p in Passage], max_length=20),
        ),
    ]
