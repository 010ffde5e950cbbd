"""The tables of merchants.workbench."""

from django.db import migrations, models

from config.kernel import clock, ids

ID = models.UUIDField(default=ids.uuid7, editable=False, primary_key=True, serialize=False)


class Migration(migrations.Migration):
    replaces = [("workbench", "0001_workbench_tables"), ("workbench", "0002_equipment")]

    initial = True

    dependencies = [("onboarding", "0001_tables")]

    operations = [
        migrations.CreateModel(
            name="GatewayCall",
            fields=[
                ("id", ID),
                ("at", models.DateTimeField()),
                ("trace_id", models.CharField(max_length=32)),
                ("app_id", models.CharField(blank=True, max_length=32)),
                ("protocol", models.CharField(choices=[("v2", "v2"), ("v3", "v3")], max_length=2)),
                ("method", models.CharField(blank=True, max_length=128)),
                ("order_number", models.CharField(blank=True, max_length=64)),
                ("verb", models.CharField(max_length=8)),
                ("target", models.TextField()),
                ("authorization", models.TextField(blank=True)),
                ("content_type", models.CharField(blank=True, max_length=128)),
                ("body", models.TextField(blank=True)),
                ("status", models.PositiveSmallIntegerField(verbose_name="HTTP status")),
                ("code", models.CharField(blank=True, max_length=64)),
                ("sub_code", models.CharField(blank=True, max_length=64)),
                ("answer", models.TextField(blank=True)),
                ("duration_us", models.PositiveIntegerField()),
                ("faults", models.CharField(blank=True, max_length=64)),
            ],
            options={
                "ordering": ("-id",),
                "indexes": [
                    models.Index(fields=["app_id", "-id"], name="call_of_app"),
                    models.Index(fields=["trace_id"], name="call_by_trace"),
                    models.Index(fields=["at"], name="call_by_time"),
                ],
            },
        ),
        migrations.CreateModel(
            name="FaultSwitch",
            fields=[
                ("id", ID),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("DROP_ANSWER", "DROP_ANSWER"),
                            ("DELAY_ANSWER", "DELAY_ANSWER"),
                            ("ERROR_BEFORE", "ERROR_BEFORE"),
                            ("ERROR_AFTER", "ERROR_AFTER"),
                            ("DUPLICATE_NOTICE", "DUPLICATE_NOTICE"),
                            ("REORDER_NOTICE", "REORDER_NOTICE"),
                        ],
                        max_length=16,
                    ),
                ),
                ("percent", models.PositiveSmallIntegerField(default=100)),
                ("left", models.PositiveIntegerField(blank=True, null=True)),
                ("delay_ms", models.PositiveIntegerField(default=0)),
                ("seed", models.PositiveIntegerField(default=42)),
                ("drawn", models.PositiveIntegerField(default=0)),
                ("switched_on_at", models.DateTimeField(default=clock.now)),
                (
                    "app",
                    models.ForeignKey(
                        on_delete=models.CASCADE, related_name="faults", to="onboarding.app"
                    ),
                ),
            ],
            options={
                "ordering": ("app", "kind"),
                "constraints": [
                    models.UniqueConstraint(fields=("app", "kind"), name="fault_once_an_app"),
                    models.CheckConstraint(
                        condition=models.Q(("percent__gte", 1), ("percent__lte", 100)),
                        name="fault_percent_in_bounds",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("delay_ms__lte", 30000)), name="fault_delay_in_bounds"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Equipment",
            fields=[
                ("id", ID),
                ("number", models.CharField(max_length=32)),
                ("product", models.CharField(max_length=8)),
                ("kind", models.CharField(max_length=8)),
                ("status", models.CharField(max_length=2)),
                ("store", models.CharField(blank=True, max_length=32)),
                ("network", models.CharField(blank=True, max_length=16)),
                ("trades", models.JSONField(default=list)),
                ("exceptions", models.JSONField(default=list)),
                ("reported_at", models.DateTimeField()),
                ("heard_at", models.DateTimeField(default=clock.now)),
                (
                    "merchant",
                    models.ForeignKey(
                        on_delete=models.PROTECT, related_name="equipment", to="onboarding.merchant"
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "equipment",
                "ordering": ("merchant", "number"),
                "constraints": [
                    models.UniqueConstraint(fields=("merchant", "number"), name="equipment_once")
                ],
            },
        ),
    ]
