"""Certificates that foreign issuers have revoked, by hash."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Additive."""

    dependencies = [
        ("health_passes", "0007_registered_issuers"),
    ]

    operations = [
        migrations.CreateModel(
            name="RevokedCertificate",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=16)),
                ("kid", models.CharField(blank=True, max_length=64)),
                ("name", models.CharField(max_length=64)),
                ("before", models.PositiveBigIntegerField(null=True)),
                ("expires_at", models.DateTimeField(db_index=True, null=True)),
                (
                    "issuer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="revoked",
                        to="health_passes.trustedissuer",
                    ),
                ),
            ],
            options={
                "db_table": "health_revoked_certificate",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("issuer", "kind", "kid", "name"), name="health_revoked_once"
                    )
                ],
            },
        ),
    ]
