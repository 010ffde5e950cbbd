"""A bundle whose further terms are debited under an agreement of its buyer's."""

from django.db import migrations, models

_STATES = (
    "WAIT_BUYER_PAY", "WAIT_SELLER_SEND_GOODS", "WAIT_BUYER_CONFIRM_GOODS", "TRADE_FINISHED",
    "TRADE_CLOSED", "PAID", "ACCEPTED", "COMPLETED", "EXPIRED", "CANCELLED", "DEPOSIT_DUE",
    "DEPOSIT_PAID", "BALANCE_DUE", "PRODUCED", "FORFEITED", "LOT_CANCELLED", "RESERVED", "ISSUED",
    "REDEEMED", "REFUNDED", "ACTIVE", "PAST_DUE", "ENDED",
)  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("deals", "0003_numbers")]

    operations = [
        migrations.AddField(
            model_name="deal",
            name="agreement_number",
            field=models.CharField(blank=True, db_default="", default="", max_length=20),
        ),
        migrations.AddField(
            model_name="deal",
            name="term_starts_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name="deal",
            name="state",
            field=models.CharField(choices=[(s, s) for s in _STATES], max_length=24),
        ),
    ]
