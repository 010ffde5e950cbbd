"""The tables of merchants.customs."""

from django.db import migrations, models

from config.kernel import clock, ids


class Migration(migrations.Migration):
    initial = True

    dependencies = [("onboarding", "0001_tables")]

    operations = [
        migrations.CreateModel(
            name="CustomsDeclaration",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("request_no", models.CharField(max_length=64)),
                ("number", models.CharField(max_length=32, unique=True)),
                ("payment_id", models.UUIDField(db_index=True)),
                ("trade_number", models.CharField(max_length=28)),
                ("place", models.CharField(max_length=32)),
                ("customs_code", models.CharField(max_length=20)),
                ("customs_name", models.CharField(max_length=256)),
                ("part", models.CharField(blank=True, max_length=64)),
                ("amount_minor", models.BigIntegerField()),
                ("currency", models.CharField(max_length=3)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("SENT", "SENT"),
                            ("ACCEPTED", "ACCEPTED"),
                            ("REFUSED", "REFUSED"),
                        ],
                        default="SENT",
                        max_length=8,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=64)),
                ("created_at", models.DateTimeField(default=clock.now)),
                ("due_at", models.DateTimeField(blank=True, null=True)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                (
                    "merchant",
                    models.ForeignKey(
                        on_delete=models.PROTECT,
                        related_name="declarations",
                        to="onboarding.merchant",
                    ),
                ),
            ],
            options={
                "ordering": ("-created_at", "-id"),
                "indexes": [
                    models.Index(
                        condition=models.Q(("due_at__isnull", False)),
                        fields=["due_at"],
                        name="declaration_due",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("merchant", "request_no"), name="declaration_number_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount_minor__gt", 0)),
                        name="declaration_amount_positive",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answered_at__isnull", True), ("state", "SENT")),
                            models.Q(
                                models.Q(("state", "SENT"), _negated=True),
                                ("answered_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="declaration_answer_has_time",
                    ),
                ],
            },
        )
    ]
