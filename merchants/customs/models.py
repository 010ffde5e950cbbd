"""The table of customs declarations. Amounts are whole minor units."""

from django.db import models
from django.db.models import Q

from config.kernel import clock, columns
from config.kernel.ids import uuid7
from merchants.customs.values import DeclarationState
from merchants.onboarding.models import Merchant


class CustomsDeclaration(models.Model):
    """One payment, or a part of one, told to a customs office.

    `due_at` is when the office answers; none once it has.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="declarations")
    request_no = models.CharField(max_length=64)
    number = models.CharField(max_length=32, unique=True)
    payment_id = models.UUIDField(db_index=True)
    trade_number = models.CharField(max_length=28)
    place = models.CharField(max_length=32)
    customs_code = models.CharField(max_length=20)
    customs_name = models.CharField(max_length=256)
    part = models.CharField(max_length=64, blank=True)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    state = columns.state(DeclarationState.SENT, 8)
    reason = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    due_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-created_at", "-id")
        constraints = (
            models.UniqueConstraint(
                name="declaration_number_once", fields=["merchant", "request_no"]
            ),
            models.CheckConstraint(
                name="declaration_amount_positive", condition=Q(amount_minor__gt=0)
            ),
            models.CheckConstraint(
                name="declaration_answer_has_time",
                condition=Q(state=DeclarationState.SENT.value, answered_at__isnull=True)
                | (~Q(state=DeclarationState.SENT.value) & Q(answered_at__isnull=False)),
            ),
        )
        indexes = (
            models.Index(
                name="declaration_due", fields=["due_at"], condition=Q(due_at__isnull=False)
            ),
        )

    def __str__(self) -> str:
        return self.number
