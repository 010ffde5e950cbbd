"""Tables of disputes. Amounts are whole minor units."""

from django.db import models
from django.db.models import Q

from config.kernel import clock, columns
from config.kernel.ids import uuid7
from merchants.disputes.values import LIVE, DisputeReason, DisputeState, Side
from merchants.onboarding.models import Merchant


class Dispute(models.Model):
    """A buyer's objection to one trade of a merchant.

    While it is live the amount stands in the merchant's reserve; of an `unpaid` one, which is
    contested before it is paid, nothing moves and it cannot be paid. `due_at` is when the next
    one who is asked must have answered; None once it is over. `alarmed_at` is when operators were
    called because it had passed.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    payment_id = models.UUIDField(unique=True)
    payment_number = models.CharField(max_length=32)
    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="disputes")
    buyer_id = models.UUIDField(db_index=True)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    reason = models.CharField(max_length=16, choices=[(r, r) for r in DisputeReason])
    text = models.CharField(max_length=2000)
    state = columns.state(DisputeState.OPENED, 10)
    finding = models.CharField(max_length=1000, blank=True)
    unpaid = models.BooleanField(default=False, db_default=False)
    postings = models.PositiveSmallIntegerField(default=0)
    opened_at = models.DateTimeField(default=clock.now)
    decided_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    alarmed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-opened_at", "-id")
        constraints = (
            models.CheckConstraint(name="dispute_amount_positive", condition=Q(amount_minor__gt=0)),
            models.CheckConstraint(
                name="dispute_live_has_deadline",
                condition=Q(state__in=sorted(LIVE), due_at__isnull=False)
                | (~Q(state__in=sorted(LIVE)) & Q(due_at__isnull=True)),
            ),
        )
        indexes = (models.Index(name="dispute_due", fields=["state", "due_at"]),)

    def __str__(self) -> str:
        return f"dispute of {self.payment_number}"


class Evidence(models.Model):
    """A file that one side has handed in."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    dispute = models.ForeignKey(Dispute, on_delete=models.PROTECT, related_name="evidence")
    side = models.CharField(max_length=8, choices=[(s, s) for s in Side])
    content_type = models.CharField(max_length=32)
    content = models.BinaryField()
    note = models.CharField(max_length=500, blank=True)
    handed_in_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ("handed_in_at", "id")
        verbose_name_plural = "evidence"

    def __str__(self) -> str:
        return f"{self.side} {self.content_type}"
