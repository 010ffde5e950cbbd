"""Tables of coupons. Amounts are whole minor units of yuan; columns and constraints only."""

from django.db import models
from django.db.models import F, Q

from config.kernel import clock, columns
from config.kernel.ids import uuid7
from wallet.coupons.values import CouponState


class Campaign(models.Model):
    """What two operators agreed that the house pays for buyers, and until when.

    `claimed_minor` is what the coupons given out may cost together; `left_minor` what went
    back to the house when it ended.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code = models.CharField(max_length=32)
    name = models.CharField(max_length=64)
    amount_minor = models.BigIntegerField()
    from_minor = models.BigIntegerField()
    budget_minor = models.BigIntegerField()
    claimed_minor = models.BigIntegerField(default=0, db_default=0)
    stacks = models.BooleanField(default=False, db_default=False)
    started_at = models.DateTimeField(default=clock.now)
    started_by = models.CharField(max_length=150)
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    left_minor = models.BigIntegerField(default=0, db_default=0)

    class Meta:
        ordering = ("-started_at", "-id")
        constraints = (
            models.UniqueConstraint(name="campaign_once", fields=["code"]),
            models.CheckConstraint(
                name="campaign_within_budget",
                condition=Q(claimed_minor__gte=0, claimed_minor__lte=F("budget_minor")),
            ),
            models.CheckConstraint(
                name="campaign_pays_less_than_prices",
                condition=Q(amount_minor__gt=0, from_minor__gt=F("amount_minor")),
            ),
        )
        indexes = (
            models.Index(
                name="campaign_due", fields=["ends_at"], condition=Q(ended_at__isnull=True)
            ),
        )

    def __str__(self) -> str:
        return self.code


class Coupon(models.Model):
    """One person's coupon of a campaign; `payment_id` is what it paid for, in part."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="coupons")
    user_id = models.UUIDField()
    amount_minor = models.BigIntegerField()
    state = columns.state(CouponState.ISSUED, 8)
    payment_id = models.UUIDField(null=True, blank=True, db_index=True)
    returned_minor = models.BigIntegerField(default=0, db_default=0)
    claimed_at = models.DateTimeField(default=clock.now)
    spent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-claimed_at", "-id")
        constraints = (
            models.UniqueConstraint(name="coupon_one_each", fields=["user_id", "campaign"]),
            models.CheckConstraint(
                name="coupon_returns_within",
                condition=Q(returned_minor__gte=0, returned_minor__lte=F("amount_minor")),
            ),
            models.CheckConstraint(
                name="coupon_spent_on_something",
                condition=Q(payment_id__isnull=True, spent_at__isnull=True)
                | Q(payment_id__isnull=False, spent_at__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"coupon {self.id}"
