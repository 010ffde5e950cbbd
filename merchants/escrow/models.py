"""The table of guaranteed trades. Amounts are whole minor units."""

from django.db import models
from django.db.models import Q

from config.kernel import clock
from config.kernel.ids import uuid7
from merchants.onboarding.models import Merchant


class Escrow(models.Model):
    """One paid trade whose money waits in an account of its own.

    `amount_minor` is what was released: what refunds had left. A trade that is refunded
    whole is never released.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="escrows")
    payment_id = models.UUIDField(unique=True)
    account_id = models.UUIDField()
    currency = models.CharField(max_length=3)
    request_no = models.CharField(max_length=64, blank=True)
    amount_minor = models.BigIntegerField(default=0)
    journal_id = models.UUIDField(null=True, blank=True)
    held_at = models.DateTimeField(default=clock.now)
    due_at = models.DateTimeField(null=True, blank=True)
    released_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-held_at", "-id")
        constraints = (
            models.CheckConstraint(
                name="escrow_released_has_journal",
                condition=Q(released_at__isnull=True, journal_id__isnull=True)
                | Q(released_at__isnull=False, journal_id__isnull=False, amount_minor__gt=0),
            ),
        )
        indexes = (
            models.Index(name="escrow_due", fields=["due_at"], condition=Q(due_at__isnull=False)),
            models.Index(name="escrow_released", fields=["merchant", "released_at"]),
        )

    def __str__(self) -> str:
        return f"escrow {self.payment_id}"
