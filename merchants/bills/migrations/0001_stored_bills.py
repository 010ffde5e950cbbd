"""The tables of merchants.bills."""

from django.db import migrations, models

from config.kernel import clock, ids


class Migration(migrations.Migration):
    initial = True

    dependencies = [("onboarding", "0001_tables")]

    operations = [
        migrations.CreateModel(
            name="StoredBill",
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
                        choices=[("trade", "trade"), ("signcustomer", "signcustomer")],
                        max_length=16,
                    ),
                ),
                ("label", models.CharField(max_length=8)),
                ("content", models.BinaryField()),
                ("created_at", models.DateTimeField(default=clock.now)),
                (
                    "merchant",
                    models.ForeignKey(
                        on_delete=models.PROTECT, related_name="+", to="onboarding.merchant"
                    ),
                ),
            ],
            options={
                "ordering": ("-label", "merchant", "kind"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("merchant", "kind", "label"), name="stored_bill_once"
                    )
                ],
            },
        )
    ]
