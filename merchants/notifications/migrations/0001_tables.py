"""The tables of merchants.notifications."""

from django.db import migrations, models

from config.kernel import clock, ids

ID = models.UUIDField(default=ids.uuid7, editable=False, primary_key=True, serialize=False)


class Migration(migrations.Migration):
    replaces = [
        ("gateway", "0001_notification_tables"),
        ("gateway", "0002_subject_of_a_notification"),
        ("gateway", "0003_order_of_notifications"),
    ]

    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Notification",
            fields=[
                ("id", ID),
                ("event_id", models.UUIDField(unique=True)),
                ("notify_id", models.CharField(max_length=34, unique=True)),
                ("topic", models.CharField(max_length=64)),
                ("merchant_id", models.UUIDField()),
                ("app_id", models.CharField(blank=True, max_length=16)),
                ("subject_id", models.UUIDField()),
                ("trade_no", models.CharField(blank=True, max_length=32)),
                ("out_trade_no", models.CharField(blank=True, max_length=64)),
                ("sequence", models.PositiveIntegerField()),
                ("url", models.CharField(blank=True, max_length=256)),
                ("charset", models.CharField(default="utf-8", max_length=16)),
                ("sign_type", models.CharField(default="RSA2", max_length=4)),
                ("params", models.JSONField(default=dict)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("PENDING", "Pending"),
                            ("RETRYING", "Retrying"),
                            ("DELIVERED", "Delivered"),
                            ("EXHAUSTED", "Exhausted"),
                            ("SILENT", "Silent"),
                        ],
                        max_length=9,
                    ),
                ),
                ("sends", models.PositiveSmallIntegerField(default=0)),
                ("by_hand", models.BooleanField(default=False)),
                ("occurred_at", models.DateTimeField()),
                ("created_at", models.DateTimeField(default=clock.now)),
                ("due_at", models.DateTimeField(blank=True, null=True)),
                ("delivered_at", models.DateTimeField(blank=True, null=True)),
                ("overtakable", models.BooleanField(default=False)),
                ("position", models.BigIntegerField(editable=False, null=True)),
            ],
            options={
                "ordering": ("-id",),
                "indexes": [
                    models.Index(
                        condition=models.Q(("due_at__isnull", False)),
                        fields=["due_at"],
                        name="notifications_due",
                    ),
                    models.Index(fields=["merchant_id", "id"], name="notifications_of_merchant"),
                    models.Index(fields=["merchant_id", "position"], name="notification_positions"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("due_at__isnull", True),
                            ("state__in", ["PENDING", "RETRYING"]),
                            ("by_hand", True),
                            _connector="OR",
                        ),
                        name="notification_ended_is_not_due",
                    ),
                    models.UniqueConstraint(
                        fields=("subject_id", "sequence"), name="notification_sequence_once"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="NotificationAttempt",
            fields=[
                ("id", ID),
                ("number", models.PositiveSmallIntegerField()),
                ("by_hand", models.BooleanField(default=False)),
                ("planned_at", models.DateTimeField()),
                ("started_at", models.DateTimeField(default=clock.now)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                ("duration_ms", models.PositiveIntegerField(blank=True, null=True)),
                (
                    "status",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="HTTP status"
                    ),
                ),
                (
                    "answer",
                    models.CharField(
                        blank=True, max_length=256, verbose_name="first bytes of the answer"
                    ),
                ),
                ("failure", models.CharField(blank=True, max_length=16)),
                (
                    "notification",
                    models.ForeignKey(
                        on_delete=models.CASCADE, related_name="attempts", to="gateway.notification"
                    ),
                ),
            ],
            options={
                "ordering": ("number",),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("notification", "number"), name="notification_attempt_once"
                    )
                ],
            },
        ),
    ]
