"""The tables of config.kernel.outbox."""

from django.db import migrations, models

from config.kernel import clock, ids


class Migration(migrations.Migration):
    replaces = [
        ("outbox", "0001_outbox_and_inbox"),
        ("outbox", "0002_positions_of_events"),
        ("outbox", "0003_subscriptions"),
    ]

    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="OutboxEvent",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("topic", models.CharField(max_length=64)),
                ("aggregate_id", models.CharField(max_length=64)),
                ("payload", models.JSONField(default=dict)),
                ("created_at", models.DateTimeField(default=clock.now)),
                ("published_at", models.DateTimeField(null=True)),
                ("done_at", models.DateTimeField(null=True)),
                ("position", models.BigIntegerField(editable=False, null=True)),
            ],
            options={
                "ordering": ("id",),
                "indexes": [
                    models.Index(
                        condition=models.Q(("published_at__isnull", True)),
                        fields=["id"],
                        name="outbox_unpublished",
                    ),
                    models.Index(
                        condition=models.Q(
                            ("done_at__isnull", True), ("published_at__isnull", False)
                        ),
                        fields=["published_at"],
                        name="outbox_unfinished",
                    ),
                    models.Index(fields=["aggregate_id", "id"], name="outbox_by_aggregate"),
                    models.Index(
                        condition=models.Q(("position__isnull", False)),
                        fields=["position"],
                        name="outbox_positions",
                    ),
                    models.Index(
                        condition=models.Q(("position__isnull", True)),
                        fields=["id"],
                        name="outbox_unnumbered",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="InboxEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("consumer", models.CharField(max_length=64)),
                ("done_at", models.DateTimeField(default=clock.now)),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=models.CASCADE, related_name="effects", to="outbox.outboxevent"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("event", "consumer"), name="outbox_one_effect")
                ]
            },
        ),
        migrations.CreateModel(
            name="EventCounter",
            fields=[
                ("name", models.CharField(max_length=32, primary_key=True, serialize=False)),
                ("last", models.BigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="Subscription",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("topic", models.CharField(max_length=64)),
                ("consumer", models.CharField(max_length=64)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("topic", "consumer"), name="outbox_one_subscription"
                    )
                ]
            },
        ),
    ]
