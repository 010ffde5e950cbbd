"""Orders that wait to be scanned."""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q

from config.kernel import clock
from config.kernel.ids import uuid7
from merchants.acceptance.values import OrderKind
from merchants.onboarding.models import Merchant


class Order(models.Model):
    """Something to be paid by whoever scans its code; no payment exists before that.

    `token` is the capability inside the code. `scanned_by` is the wallet user who came
    first and holds the order; `payment_id` is the payment made for them. A static
    code's order is made by the scan itself and has no amount until the payer types one.
    The status shown to people is derived (queries.status_of), never stored, so it
    cannot disagree with the payment.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    token = models.CharField(max_length=26, unique=True)
    kind = models.CharField(max_length=7, choices=[(kind.value, kind.value) for kind in OrderKind])
    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="orders")
    reference = models.CharField(max_length=64)
    description = models.CharField(max_length=256)
    amount_minor = models.BigIntegerField(null=True, blank=True)
    currency = models.CharField(max_length=3)
    store_code = models.CharField(max_length=32, blank=True)
    till_code = models.CharField(max_length=32, blank=True)
    details = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    created_at = models.DateTimeField(default=clock.now)
    code_expires_at = models.DateTimeField()
    pay_expires_at = models.DateTimeField()
    scanned_by = models.UUIDField(null=True, blank=True)
    scanned_at = models.DateTimeField(null=True, blank=True)
    payment_id = models.UUIDField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(name="order_once", fields=["merchant", "reference"]),
            models.CheckConstraint(
                name="order_amount_above_zero",
                condition=Q(amount_minor__gt=0) | Q(amount_minor__isnull=True),
            ),
            models.CheckConstraint(
                name="order_dynamic_has_an_amount",
                condition=Q(kind=OrderKind.STATIC.value) | Q(amount_minor__isnull=False),
            ),
            models.CheckConstraint(
                name="order_payment_has_a_scanner",
                condition=Q(payment_id__isnull=True)
                | Q(scanned_by__isnull=False, amount_minor__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"{self.reference} {self.kind}"
