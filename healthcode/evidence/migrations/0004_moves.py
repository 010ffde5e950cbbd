"""A move to another region is a kind of evidence. Names alone change, no column does."""

from django.db import migrations, models

from healthcode.evidence.values import EvidenceKind


class Migration(migrations.Migration):
    """The list of kinds is the code's, so that the next kind takes no migration of its own."""

    dependencies = (("health_evidence", "0003_seals_and_register"),)
    operations = [
        migrations.AlterField(
            model_name="evidence",
            name="kind",
            field=models.CharField(
                choices=[(kind.value, kind.name) for kind in EvidenceKind], max_length=24
            ),
        ),
    ]
