"""Issuers count by a registration that three people stand behind."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Issuers entered by one person alone count no more until others approve."""

    dependencies = (
        ("health_decisions", "0008_registered_sources"),
        ("health_passes", "0006_roots_and_denied"),
    )

    operations = [
        migrations.RemoveField(
            model_name="trustedissuer",
            name="active",
        ),
        migrations.AddField(
            model_name="trustedissuer",
            name="registration",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="issuer",
                to="health_decisions.sourceregistration",
            ),
        ),
    ]
