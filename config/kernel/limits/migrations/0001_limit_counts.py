"""The tables of config.kernel.limits."""

from django.db import migrations, models

from config.kernel import clock


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="LimitCount",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=64)),
                ("subject", models.CharField(max_length=64)),
                ("since", models.DateTimeField(default=clock.now)),
                ("used", models.BigIntegerField(default=0)),
            ],
            options={
                "indexes": [models.Index(fields=["since"], name="limit_count_since")],
                "constraints": [
                    models.UniqueConstraint(fields=("name", "subject"), name="limit_one_count"),
                    models.CheckConstraint(
                        condition=models.Q(("used__gte", 0)), name="limit_count_not_negative"
                    ),
                ],
            },
        )
    ]
