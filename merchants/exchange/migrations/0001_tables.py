"""The tables of merchants.exchange."""

from django.db import migrations, models

from config.kernel import clock, ids

ID = models.UUIDField(default=ids.uuid7, editable=False, primary_key=True, serialize=False)


class Migration(migrations.Migration):
    replaces = [("exchange", "0001_exchange_tables"), ("exchange", "0002_forgetting")]

    initial = True

    dependencies = [("onboarding", "0001_tables")]

    operations = [
        migrations.CreateModel(
            name="FxQuote",
            fields=[
                ("id", ID),
                ("payer_id", models.UUIDField()),
                ("reference", models.CharField(max_length=64)),
                ("amount_minor", models.BigIntegerField()),
                ("currency", models.CharField(max_length=3)),
                ("paid_minor", models.BigIntegerField()),
                ("rate_micro", models.BigIntegerField()),
                ("markup_bps", models.PositiveIntegerField()),
                ("created_at", models.DateTimeField(default=clock.now)),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(null=True)),
                (
                    "merchant",
                    models.ForeignKey(
                        on_delete=models.PROTECT, related_name="+", to="onboarding.merchant"
                    ),
                ),
            ],
            options={
                "ordering": ("-created_at", "-id"),
                "indexes": [
                    models.Index(
                        condition=models.Q(("used_at__isnull", True)),
                        fields=["expires_at"],
                        name="fx_quote_unused",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount_minor__gt", 0), ("paid_minor__gt", 0)),
                        name="fx_quote_above_zero",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="FxPayment",
            fields=[
                ("id", ID),
                ("key", models.CharField(max_length=255)),
                ("payer_id", models.UUIDField()),
                ("account_id", models.UUIDField()),
                ("reference", models.CharField(max_length=64)),
                ("amount_minor", models.BigIntegerField()),
                ("currency", models.CharField(max_length=3)),
                ("paid_minor", models.BigIntegerField()),
                ("refunded_minor", models.BigIntegerField(default=0)),
                ("returned_minor", models.BigIntegerField(default=0)),
                ("journal_id", models.UUIDField()),
                ("paid_at", models.DateTimeField(default=clock.now)),
                (
                    "merchant",
                    models.ForeignKey(
                        on_delete=models.PROTECT, related_name="+", to="onboarding.merchant"
                    ),
                ),
                (
                    "quote",
                    models.OneToOneField(
                        on_delete=models.PROTECT, related_name="payment", to="exchange.fxquote"
                    ),
                ),
            ],
            options={
                "ordering": ("-paid_at", "-id"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("merchant", "reference"), name="fx_payment_once_an_order"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("refunded_minor__gte", 0),
                            ("refunded_minor__lte", models.F("amount_minor")),
                            ("returned_minor__gte", 0),
                            ("returned_minor__lte", models.F("paid_minor")),
                        ),
                        name="fx_payment_refunds_within_paid",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FxRefund",
            fields=[
                ("id", ID),
                ("request_no", models.CharField(max_length=64)),
                ("amount_minor", models.BigIntegerField()),
                ("returned_minor", models.BigIntegerField()),
                ("journal_id", models.UUIDField()),
                ("created_at", models.DateTimeField(default=clock.now)),
                (
                    "payment",
                    models.ForeignKey(
                        on_delete=models.PROTECT, related_name="refunds", to="exchange.fxpayment"
                    ),
                ),
            ],
            options={
                "ordering": ("-created_at", "-id"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("payment", "request_no"), name="fx_refund_once_a_request"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount_minor__gt", 0), ("returned_minor__gte", 0)),
                        name="fx_refund_above_zero",
                    ),
                ],
            },
        ),
    ]
