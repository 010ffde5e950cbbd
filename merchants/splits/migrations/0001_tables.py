"""The tables of merchants.splits."""

from django.db import migrations, models

from config.kernel import clock, ids

ID = models.UUIDField(default=ids.uuid7, editable=False, primary_key=True, serialize=False)


class Migration(migrations.Migration):
    replaces = [("splits", "0001_split_tables"), ("splits", "0002_sums_set_aside")]

    initial = True

    dependencies = [("onboarding", "0001_tables")]

    operations = [
        migrations.CreateModel(
            name="Split",
            fields=[
                ("id", ID),
                ("payment_id", models.UUIDField(db_index=True)),
                ("trade_number", models.CharField(max_length=28)),
                ("trade_reference", models.CharField(max_length=64)),
                ("request_no", models.CharField(max_length=64)),
                ("number", models.CharField(max_length=28, unique=True)),
                ("parts", models.JSONField(default=list)),
                ("amount_minor", models.BigIntegerField(default=0)),
                ("currency", models.CharField(max_length=3)),
                ("at_once", models.BooleanField(default=True)),
                ("ends", models.BooleanField(default=False)),
                ("operator", models.CharField(blank=True, max_length=64)),
                ("app_id", models.CharField(blank=True, max_length=16)),
                (
                    "state",
                    models.CharField(
                        choices=[("PENDING", "PENDING"), ("DONE", "DONE"), ("FAILED", "FAILED")],
                        max_length=7,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=32)),
                ("created_at", models.DateTimeField(default=clock.now)),
                ("due_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "merchant",
                    models.ForeignKey(
                        on_delete=models.PROTECT, related_name="splits", to="onboarding.merchant"
                    ),
                ),
            ],
            options={
                "ordering": ("-created_at", "-id"),
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "PENDING")),
                        fields=["due_at"],
                        name="split_due",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("merchant", "request_no"), name="split_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", True), ("state", "PENDING")),
                            models.Q(
                                models.Q(("state", "PENDING"), _negated=True),
                                ("ended_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="split_ended_has_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SplitRelation",
            fields=[
                ("id", ID),
                ("payee_number", models.CharField(max_length=16)),
                (
                    "named_by",
                    models.CharField(
                        choices=[("NUMBER", "NUMBER"), ("LOGIN", "LOGIN")], max_length=6
                    ),
                ),
                ("account", models.CharField(max_length=128)),
                ("name", models.CharField(blank=True, max_length=128)),
                ("memo", models.CharField(blank=True, max_length=256)),
                ("bound_at", models.DateTimeField(default=clock.now)),
                ("unbound_at", models.DateTimeField(blank=True, null=True)),
                (
                    "merchant",
                    models.ForeignKey(
                        on_delete=models.PROTECT, related_name="payees", to="onboarding.merchant"
                    ),
                ),
            ],
            options={
                "ordering": ("id",),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("unbound_at__isnull", True)),
                        fields=("merchant", "payee_number"),
                        name="split_relation_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SplitShare",
            fields=[
                ("id", ID),
                ("payment_id", models.UUIDField(db_index=True)),
                ("payee_number", models.CharField(max_length=16)),
                ("payee_login", models.CharField(blank=True, max_length=128)),
                ("payee_name", models.CharField(blank=True, max_length=128)),
                ("account_id", models.UUIDField()),
                ("amount_minor", models.BigIntegerField()),
                ("returned_minor", models.BigIntegerField(default=0)),
                ("currency", models.CharField(max_length=3)),
                ("description", models.CharField(blank=True, max_length=1000)),
                ("journal_id", models.UUIDField(blank=True, null=True)),
                ("moved_at", models.DateTimeField(blank=True, null=True)),
                (
                    "merchant",
                    models.ForeignKey(
                        on_delete=models.PROTECT, related_name="+", to="onboarding.merchant"
                    ),
                ),
                (
                    "split",
                    models.ForeignKey(
                        on_delete=models.PROTECT, related_name="shares", to="splits.split"
                    ),
                ),
            ],
            options={
                "ordering": ("id",),
                "indexes": [
                    models.Index(
                        condition=models.Q(("moved_at__isnull", False)),
                        fields=["merchant", "moved_at"],
                        name="split_share_moved",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount_minor__gt", 0)), name="split_share_above_zero"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("returned_minor__gte", 0),
                            ("returned_minor__lte", models.F("amount_minor")),
                        ),
                        name="split_share_returns_within",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SplitReturn",
            fields=[
                ("id", ID),
                ("payment_id", models.UUIDField(db_index=True)),
                ("number", models.CharField(max_length=28, unique=True)),
                ("request_no", models.CharField(max_length=64)),
                ("amount_minor", models.BigIntegerField()),
                ("currency", models.CharField(max_length=3)),
                ("journal_id", models.UUIDField()),
                ("created_at", models.DateTimeField(default=clock.now)),
                (
                    "merchant",
                    models.ForeignKey(
                        on_delete=models.PROTECT, related_name="+", to="onboarding.merchant"
                    ),
                ),
                (
                    "share",
                    models.ForeignKey(
                        on_delete=models.PROTECT, related_name="returns", to="splits.splitshare"
                    ),
                ),
            ],
            options={
                "ordering": ("id",),
                "indexes": [
                    models.Index(fields=["merchant", "created_at"], name="split_return_made")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount_minor__gt", 0)), name="split_return_above_zero"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SetAside",
            fields=[
                ("id", ID),
                ("payment_id", models.UUIDField(unique=True)),
                ("amount_minor", models.BigIntegerField()),
                ("left_minor", models.BigIntegerField()),
                ("currency", models.CharField(max_length=3)),
                ("created_at", models.DateTimeField(default=clock.now)),
                ("until", models.DateTimeField()),
                ("queued_at", models.DateTimeField(blank=True, null=True)),
                ("released_at", models.DateTimeField(blank=True, null=True)),
                (
                    "merchant",
                    models.ForeignKey(
                        on_delete=models.PROTECT, related_name="+", to="onboarding.merchant"
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "sums set aside",
                "ordering": ("id",),
                "indexes": [
                    models.Index(
                        condition=models.Q(("released_at__isnull", True)),
                        fields=["merchant", "until"],
                        name="set_aside_of_merchant",
                    ),
                    models.Index(
                        condition=models.Q(
                            ("queued_at__isnull", True), ("released_at__isnull", True)
                        ),
                        fields=["until"],
                        name="set_aside_due",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("left_minor__gte", 0), ("left_minor__lte", models.F("amount_minor"))
                        ),
                        name="set_aside_left_within",
                    )
                ],
            },
        ),
    ]
