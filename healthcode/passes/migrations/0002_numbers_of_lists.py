"""The number of the newest list of revoked cards, so that no older one replaces it."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("health_passes", "0001_tables")]

    operations = [
        migrations.CreateModel(
            name="RevocationList",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("kid", models.CharField(max_length=64)),
                ("counter", models.PositiveBigIntegerField()),
                (
                    "issuer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lists",
                        to="health_passes.trustedissuer",
                    ),
                ),
            ],
            options={
                "db_table": "health_revocation_list",
                "constraints": [
                    models.UniqueConstraint(fields=("issuer", "kid"), name="health_one_list_a_key")
                ],
            },
        ),
    ]
