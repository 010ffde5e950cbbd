"""Wrong sign-ins of operators."""

from django.db import migrations, models

import config.kernel.clock


class Migration(migrations.Migration):
    """One table."""

    initial = True
    dependencies = ()
    operations = (
        migrations.CreateModel(
            name="SignInTries",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "by",
                    models.CharField(
                        choices=[("OPERATOR", "OPERATOR"), ("ADDRESS", "ADDRESS")], max_length=8
                    ),
                ),
                ("subject", models.CharField(max_length=150)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("locked_until", models.DateTimeField(null=True)),
                ("tried_at", models.DateTimeField(default=config.kernel.clock.now)),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(fields=("by", "subject"), name="access_tries_once")
                ],
            },
        ),
    )
