"""The tables of config.kernel.alarms."""

from django.db import migrations, models

from config.kernel import clock, ids


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Alarm",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("kind", models.CharField(max_length=64)),
                ("facts", models.JSONField(default=dict)),
                ("at", models.DateTimeField(default=clock.now)),
                ("seen_by", models.CharField(blank=True, max_length=150)),
                ("seen_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ("-at", "-id"),
                "indexes": [
                    models.Index(
                        condition=models.Q(("seen_at__isnull", True)),
                        fields=["at"],
                        name="alarms_unseen",
                    )
                ],
            },
        )
    ]
