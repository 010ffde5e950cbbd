"""The tables of merchants.escrow."""

from django.db import migrations, models

from config.kernel import clock, ids


class Migration(migrations.Migration):
    initial = True

    dependencies = [("onboarding", "0001_tables")]

    operations = [
        migrations.CreateModel(
            name="Escrow",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("payment_id", models.UUIDField(unique=True)),
                ("account_id", models.UUIDField()),
                ("currency", models.CharField(max_length=3)),
                ("request_no", models.CharField(blank=True, max_length=64)),
                ("amount_minor", models.BigIntegerField(default=0)),
                ("journal_id", models.UUIDField(blank=True, null=True)),
                ("held_at", models.DateTimeField(default=clock.now)),
                ("due_at", models.DateTimeField(blank=True, null=True)),
                ("released_at", models.DateTimeField(blank=True, null=True)),
                (
                    "merchant",
                    models.ForeignKey(
                        on_delete=models.PROTECT, related_name="escrows", to="onboarding.merchant"
                    ),
                ),
            ],
            options={
                "ordering": ("-held_at", "-id"),
                "indexes": [
                    models.Index(
                        condition=models.Q(("due_at__isnull", False)),
                        fields=["due_at"],
                        name="escrow_due",
                    ),
                    models.Index(fields=["merchant", "released_at"], name="escrow_released"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("journal_id__isnull", True), ("released_at__isnull", True)),
                            models.Q(
                                ("amount_minor__gt", 0),
                                ("journal_id__isnull", False),
                                ("released_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="escrow_released_has_journal",
                    )
                ],
            },
        )
    ]
