"""Notes of operators about customers; rights that nothing asks for any more."""

import django.db.models.deletion
from django.db import migrations, models

import config.kernel.clock
import config.kernel.ids


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0006_where_refunds_go"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="bankcallback",
            options={},
        ),
        migrations.AlterModelOptions(
            name="walletuser",
            options={
                "permissions": (
                    ("freeze_walletuser", "Can freeze a wallet account"),
                    ("suspend_kyc", "Can suspend a verification"),
                    ("help_walletuser", "Can unlock a PIN, revoke a device and write notes"),
                )
            },
        ),
        migrations.CreateModel(
            name="CustomerNote",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=config.kernel.ids.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("author", models.CharField(max_length=150)),
                ("text", models.CharField(max_length=500)),
                ("written_at", models.DateTimeField(default=config.kernel.clock.now)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notes",
                        to="accounts.walletuser",
                    ),
                ),
            ],
            options={
                "ordering": ("-written_at", "-id"),
                "default_permissions": ("view",),
            },
        ),
    ]
