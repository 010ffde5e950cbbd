"""The tables of config.kernel.idempotency."""

from django.db import migrations, models

from config.kernel import clock, ids


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="IdempotencyRecord",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("owner", models.CharField(max_length=64)),
                ("endpoint", models.CharField(max_length=64)),
                ("key", models.CharField(max_length=255)),
                ("fingerprint", models.CharField(max_length=64)),
                ("status", models.PositiveSmallIntegerField()),
                ("body", models.JSONField()),
                ("created_at", models.DateTimeField(db_index=True, default=clock.now)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("owner", "endpoint", "key"), name="idempotency_one_answer"
                    )
                ]
            },
        )
    ]
