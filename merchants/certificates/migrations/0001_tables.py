"""The tables of merchants.certificates."""

from django.db import migrations, models

from config.kernel import clock, ids


class Migration(migrations.Migration):
    replaces = [
        ("certificates", "0001_certificate_tables"),
        ("certificates", "0002_resealable_root"),
    ]

    initial = True

    dependencies = [("onboarding", "0001_tables")]

    operations = [
        migrations.CreateModel(
            name="Certificate",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("ROOT", "ROOT"), ("GATEWAY", "GATEWAY"), ("APP", "APP")],
                        max_length=7,
                    ),
                ),
                ("sn", models.CharField(max_length=32, unique=True, verbose_name="serial name")),
                ("serial", models.CharField(max_length=50)),
                ("fingerprint", models.CharField(db_index=True, max_length=64)),
                ("pem", models.TextField()),
                ("sealed_private_key", models.BinaryField(blank=True, default=b"")),
                ("not_before", models.DateTimeField()),
                ("not_after", models.DateTimeField()),
                ("created_at", models.DateTimeField(default=clock.now)),
                (
                    "app",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=models.PROTECT,
                        related_name="certificates",
                        to="onboarding.app",
                    ),
                ),
            ],
            options={
                "ordering": ("id",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("app__isnull", False), ("kind", "APP")),
                            models.Q(
                                models.Q(("kind", "APP"), _negated=True), ("app__isnull", True)
                            ),
                            _connector="OR",
                        ),
                        name="certificate_of_an_app_names_it",
                    )
                ],
            },
        )
    ]
