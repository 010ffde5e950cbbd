"""Sessions of operators: when each began, was last seen and ended."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import config.kernel.ids


class Migration(migrations.Migration):
    """One table."""

    dependencies = [
        ("access", "0001_sign_in_tries"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="OperatorSession",
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
                ("key_digest", models.CharField(max_length=64, unique=True)),
                ("address", models.CharField(max_length=64)),
                ("browser", models.CharField(blank=True, max_length=200)),
                ("began_at", models.DateTimeField()),
                ("seen_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "ended_by",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("SIGNED_OUT", "SIGNED_OUT"),
                            ("IDLE", "IDLE"),
                            ("TOO_OLD", "TOO_OLD"),
                            ("ENDED", "ENDED"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "operator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="operator_sessions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("-began_at", "-id"),
                "default_permissions": ("view",),
                "indexes": [models.Index(fields=["operator", "-began_at"], name="access_sessions")],
            },
        ),
    ]
