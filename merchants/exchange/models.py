"""Tables of exchange; columns and constraints only.

`amount_minor` and `refunded_minor` are in the merchant's `currency`, `paid_minor` and
`returned_minor` in fen.
"""

from django.db import models
from django.db.models import F, Q

from config.kernel import clock
from config.kernel.ids import uuid7
from merchants.onboarding.models import Merchant


class FxQuote(models.Model):
    """What one order costs one payer in yuan for some minutes; `used_at` ends it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    payer_id = models.UUIDField()
    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+")
    reference = models.CharField(max_length=64)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    paid_minor = models.BigIntegerField()
    rate_micro = models.BigIntegerField()
    markup_bps = models.PositiveIntegerField()
    created_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-created_at", "-id")
        constraints = (
            models.CheckConstraint(
                name="fx_quote_above_zero", condition=Q(amount_minor__gt=0, paid_minor__gt=0)
            ),
        )
        indexes = (
            models.Index(
                name="fx_quote_unused", fields=["expires_at"], condition=Q(used_at__isnull=True)
            ),
        )

    def __str__(self) -> str:
        return f"quote {self.id}"


class FxPayment(models.Model):
    """A quote that was taken: yuan paid, another currency credited. `key` is the payer's own."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    quote = models.OneToOneField(FxQuote, on_delete=models.PROTECT, related_name="payment")
    key = models.CharField(max_length=255)
    payer_id = models.UUIDField()
    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+")
    account_id = models.UUIDField()
    reference = models.CharField(max_length=64)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    paid_minor = models.BigIntegerField()
    refunded_minor = models.BigIntegerField(default=0)
    returned_minor = models.BigIntegerField(default=0)
    journal_id = models.UUIDField()
    paid_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ("-paid_at", "-id")
        constraints = (
            models.UniqueConstraint(
                name="fx_payment_once_an_order", fields=["merchant", "reference"]
            ),
            models.CheckConstraint(
                name="fx_payment_refunds_within_paid",
                condition=Q(refunded_minor__gte=0, refunded_minor__lte=F("amount_minor"))
                & Q(returned_minor__gte=0, returned_minor__lte=F("paid_minor")),
            ),
        )

    def __str__(self) -> str:
        return self.reference


class FxRefund(models.Model):
    """A part given back at the payment's own rate; one row for each of the merchant's requests."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    payment = models.ForeignKey(FxPayment, on_delete=models.PROTECT, related_name="refunds")
    request_no = models.CharField(max_length=64)
    amount_minor = models.BigIntegerField()
    returned_minor = models.BigIntegerField()
    journal_id = models.UUIDField()
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ("-created_at", "-id")
        constraints = (
            models.UniqueConstraint(
                name="fx_refund_once_a_request", fields=["payment", "request_no"]
            ),
            models.CheckConstraint(
                name="fx_refund_above_zero", condition=Q(amount_minor__gt=0, returned_minor__gte=0)
            ),
        )

    def __str__(self) -> str:
        return f"{self.payment_id} {self.request_no}"


class FxValuation(models.Model):
    """What one currency's position was worth at a day's end; `due_at` is set while it waits.

    `open_minor` is what is owed to merchants of what payers bought, `taken_minor` the fen they
    paid for it, `gain_minor` what is left of these at the day's rate (a loss below zero).
    `change_minor` is what the day posted of it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    currency = models.CharField(max_length=3)
    day = models.DateField()
    due_at = models.DateTimeField(null=True)
    open_minor = models.BigIntegerField(default=0)
    taken_minor = models.BigIntegerField(default=0)
    rate_micro = models.BigIntegerField(default=0)
    gain_minor = models.BigIntegerField(default=0)
    change_minor = models.BigIntegerField(default=0)
    journal_id = models.UUIDField(null=True)
    valued_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-day", "currency")
        constraints = (
            models.UniqueConstraint(name="fx_valuation_once_a_day", fields=["currency", "day"]),
            models.UniqueConstraint(
                name="fx_valuation_one_waits",
                fields=["currency"],
                condition=Q(due_at__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"{self.currency} {self.day}"
