"""The tables of merchants.disputes."""

from django.db import migrations, models

from config.kernel import clock, ids

ID = models.UUIDField(default=ids.uuid7, editable=False, primary_key=True, serialize=False)


class Migration(migrations.Migration):
    replaces = [("disputes", "0001_disputes"), ("disputes", "0002_contested_bills")]

    initial = True

    dependencies = [("onboarding", "0001_tables")]

    operations = [
        migrations.CreateModel(
            name="Dispute",
            fields=[
                ("id", ID),
                ("payment_id", models.UUIDField(unique=True)),
                ("payment_number", models.CharField(max_length=32)),
                ("buyer_id", models.UUIDField(db_index=True)),
                ("amount_minor", models.BigIntegerField()),
                ("currency", models.CharField(max_length=3)),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("DUPLICATE", "DUPLICATE"),
                            ("NOT_RECEIVED", "NOT_RECEIVED"),
                            ("NOT_AS_DESCRIBED", "NOT_AS_DESCRIBED"),
                            ("NOT_MINE", "NOT_MINE"),
                            ("WRONG_AMOUNT", "WRONG_AMOUNT"),
                        ],
                        max_length=16,
                    ),
                ),
                ("text", models.CharField(max_length=2000)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("OPENED", "OPENED"),
                            ("CHALLENGED", "CHALLENGED"),
                            ("ACCEPTED", "ACCEPTED"),
                            ("EXPIRED", "EXPIRED"),
                            ("WON", "WON"),
                            ("APPEALED", "APPEALED"),
                            ("LOST", "LOST"),
                            ("CANCELLED", "CANCELLED"),
                        ],
                        default="OPENED",
                        max_length=10,
                    ),
                ),
                ("finding", models.CharField(blank=True, max_length=1000)),
                ("postings", models.PositiveSmallIntegerField(default=0)),
                ("opened_at", models.DateTimeField(default=clock.now)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("due_at", models.DateTimeField(blank=True, null=True)),
                (
                    "merchant",
                    models.ForeignKey(
                        on_delete=models.PROTECT, related_name="disputes", to="onboarding.merchant"
                    ),
                ),
                ("unpaid", models.BooleanField(db_default=False, default=False)),
            ],
            options={
                "ordering": ("-opened_at", "-id"),
                "indexes": [models.Index(fields=["state", "due_at"], name="dispute_due")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount_minor__gt", 0)), name="dispute_amount_positive"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("due_at__isnull", False),
                                ("state__in", ["APPEALED", "CHALLENGED", "OPENED"]),
                            ),
                            models.Q(
                                models.Q(
                                    ("state__in", ["APPEALED", "CHALLENGED", "OPENED"]),
                                    _negated=True,
                                ),
                                ("due_at__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="dispute_live_has_deadline",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Evidence",
            fields=[
                ("id", ID),
                (
                    "side",
                    models.CharField(
                        choices=[("BUYER", "BUYER"), ("MERCHANT", "MERCHANT")], max_length=8
                    ),
                ),
                ("content_type", models.CharField(max_length=32)),
                ("content", models.BinaryField()),
                ("note", models.CharField(blank=True, max_length=500)),
                ("handed_in_at", models.DateTimeField(default=clock.now)),
                (
                    "dispute",
                    models.ForeignKey(
                        on_delete=models.PROTECT, related_name="evidence", to="disputes.dispute"
                    ),
                ),
            ],
            options={"verbose_name_plural": "evidence", "ordering": ("handed_in_at", "id")},
        ),
    ]
