"""The tables of wallet.authorisations."""

import django.core.serializers.json
import django.db.models.expressions
from django.db import migrations, models

from config.kernel import clock, ids

ID = models.UUIDField(default=ids.uuid7, editable=False, primary_key=True, serialize=False)


class Migration(migrations.Migration):
    replaces = [
        ("authorisations", "0001_authorisation_tables"),
        ("authorisations", "0002_reserved_limits"),
        ("authorisations", "0003_trust_choices"),
    ]

    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Arrears",
            fields=[
                ("id", ID),
                ("payer_id", models.UUIDField(db_index=True)),
                ("payment_id", models.UUIDField(unique=True)),
                ("payment_number", models.CharField(max_length=28)),
                ("payee_name", models.CharField(blank=True, max_length=128)),
                ("amount_minor", models.BigIntegerField()),
                ("collected_minor", models.BigIntegerField(default=0)),
                ("currency", models.CharField(max_length=3)),
                (
                    "state",
                    models.CharField(
                        choices=[("OPEN", "OPEN"), ("DUNNING", "DUNNING"), ("CLEARED", "CLEARED")],
                        default="OPEN",
                        max_length=8,
                    ),
                ),
                ("reminders", models.PositiveSmallIntegerField(default=0)),
                ("late", models.BooleanField(default=False)),
                ("created_at", models.DateTimeField(default=clock.now)),
                ("due_at", models.DateTimeField(null=True)),
                ("cleared_at", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name_plural": "arrears",
                "ordering": ("created_at", "id"),
                "indexes": [
                    models.Index(
                        condition=models.Q(("due_at__isnull", False)),
                        fields=["due_at"],
                        name="arrears_due",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("collected_minor__gte", 0),
                            ("collected_minor__lte", models.F("amount_minor")),
                        ),
                        name="arrears_within_amount",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("collected_minor", models.F("amount_minor")),
                                ("due_at__isnull", True),
                                ("state", "CLEARED"),
                            ),
                            models.Q(
                                models.Q(("state", "CLEARED"), _negated=True),
                                ("collected_minor__lt", models.F("amount_minor")),
                                ("due_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="arrears_cleared_is_paid",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Authorisation",
            fields=[
                ("id", ID),
                ("number", models.CharField(max_length=28)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("INIT", "INIT"),
                            ("AUTHORISED", "AUTHORISED"),
                            ("FINISHED", "FINISHED"),
                            ("CLOSED", "CLOSED"),
                        ],
                        default="INIT",
                        max_length=10,
                    ),
                ),
                ("payer_id", models.UUIDField(db_index=True, null=True)),
                ("payee_id", models.UUIDField()),
                ("payee_account_id", models.UUIDField()),
                ("payee_owner_id", models.UUIDField(null=True)),
                ("payee_name", models.CharField(blank=True, max_length=128)),
                ("payee_zone", models.CharField(max_length=40)),
                ("reference", models.CharField(max_length=64)),
                ("title", models.CharField(max_length=256)),
                ("currency", models.CharField(max_length=3)),
                ("amount_minor", models.BigIntegerField()),
                ("frozen_funds_minor", models.BigIntegerField(default=0)),
                ("frozen_credit_minor", models.BigIntegerField(default=0)),
                ("held_minor", models.BigIntegerField(default=0)),
                ("waived_minor", models.BigIntegerField(default=0)),
                ("captured_minor", models.BigIntegerField(default=0)),
                ("captured_funds_minor", models.BigIntegerField(default=0)),
                ("released_minor", models.BigIntegerField(default=0)),
                ("created_at", models.DateTimeField(default=clock.now)),
                ("authorised_at", models.DateTimeField(null=True)),
                ("expires_at", models.DateTimeField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "close_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("EXPIRED", "EXPIRED"),
                            ("CANCELLED", "CANCELLED"),
                            ("RELEASED", "RELEASED"),
                            ("REFUSED_BY_PAYER", "REFUSED_BY_PAYER"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "details",
                    models.JSONField(
                        default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder
                    ),
                ),
                ("unit", models.PositiveSmallIntegerField()),
            ],
            options={
                "ordering": ("-created_at", "-id"),
                "indexes": [
                    models.Index(
                        condition=models.Q(("status", "AUTHORISED")),
                        fields=["expires_at"],
                        name="authorisation_expiry",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("number",), name="authorisation_one_per_number"
                    ),
                    models.UniqueConstraint(
                        fields=("payee_id", "reference"), name="authorisation_one_per_reference"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("amount_minor__gt", 0),
                            ("captured_minor__gte", 0),
                            (
                                "frozen_funds_minor",
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        django.db.models.expressions.CombinedExpression(
                                            django.db.models.expressions.CombinedExpression(
                                                models.F("held_minor"),
                                                "+",
                                                models.F("waived_minor"),
                                            ),
                                            "+",
                                            models.F("captured_minor"),
                                        ),
                                        "+",
                                        models.F("released_minor"),
                                    ),
                                    "-",
                                    models.F("frozen_credit_minor"),
                                ),
                            ),
                            ("held_minor__gte", 0),
                            ("released_minor__gte", 0),
                            ("waived_minor__gte", 0),
                        ),
                        name="authorisation_adds_up",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("status", "AUTHORISED"),
                            models.Q(("held_minor", 0), ("waived_minor", 0)),
                            _connector="OR",
                        ),
                        name="authorisation_ended_holds_nothing",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Operation",
            fields=[
                ("id", ID),
                ("number", models.CharField(max_length=28)),
                (
                    "kind",
                    models.CharField(
                        choices=[("FREEZE", "FREEZE"), ("UNFREEZE", "UNFREEZE"), ("PAY", "PAY")],
                        max_length=8,
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[("INIT", "INIT"), ("SUCCESS", "SUCCESS"), ("CLOSED", "CLOSED")],
                        max_length=8,
                    ),
                ),
                ("request_no", models.CharField(max_length=64)),
                ("amount_minor", models.BigIntegerField()),
                ("funds_minor", models.BigIntegerField(default=0)),
                ("credit_minor", models.BigIntegerField(default=0)),
                ("waiver", models.BooleanField(default=False)),
                ("cancelled", models.BooleanField(default=False)),
                ("remark", models.CharField(blank=True, max_length=256)),
                ("token", models.CharField(blank=True, max_length=26)),
                ("code_id", models.UUIDField(null=True)),
                ("hold_id", models.UUIDField(null=True)),
                ("payment_id", models.UUIDField(null=True)),
                ("created_at", models.DateTimeField(default=clock.now)),
                ("expires_at", models.DateTimeField(null=True)),
                ("done_at", models.DateTimeField(null=True)),
                (
                    "details",
                    models.JSONField(
                        default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder
                    ),
                ),
                (
                    "authorisation",
                    models.ForeignKey(
                        on_delete=models.PROTECT,
                        related_name="operations",
                        to="authorisations.authorisation",
                    ),
                ),
            ],
            options={
                "ordering": ("created_at", "id"),
                "indexes": [
                    models.Index(
                        condition=models.Q(("status", "INIT")),
                        fields=["expires_at"],
                        name="operation_expiry",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("number",), name="operation_one_per_number"),
                    models.UniqueConstraint(
                        fields=("authorisation", "kind", "request_no"),
                        name="operation_one_per_request",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("status", "INIT")),
                        fields=("authorisation",),
                        name="operation_one_waits",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("token", ""), _negated=True),
                        fields=("token",),
                        name="operation_one_per_token",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount_minor__gt", 0)), name="operation_above_zero"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "SUCCESS"), _negated=True),
                            (
                                "amount_minor",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("funds_minor"), "+", models.F("credit_minor")
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="operation_adds_up",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TrustChoice",
            fields=[
                ("user_id", models.UUIDField(primary_key=True, serialize=False)),
                (
                    "consent",
                    models.CharField(
                        choices=[("GIVEN", "GIVEN"), ("WITHDRAWN", "WITHDRAWN")],
                        default="GIVEN",
                        max_length=9,
                    ),
                ),
                ("changed_at", models.DateTimeField(default=clock.now)),
            ],
        ),
    ]
