"""The tables of merchants.exposure."""

from django.db import migrations, models

from config.kernel import ids


class Migration(migrations.Migration):
    initial = True

    dependencies = [("onboarding", "0001_tables")]

    operations = [
        migrations.CreateModel(
            name="WatchedDebt",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("due_at", models.DateTimeField(db_index=True)),
                (
                    "merchant",
                    models.OneToOneField(
                        on_delete=models.PROTECT,
                        related_name="watched_debt",
                        to="onboarding.merchant",
                    ),
                ),
            ],
        )
    ]
