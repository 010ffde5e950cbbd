"""Tables of settlement terms. What is dated is never changed: a change is a later row.

Amounts are whole minor units of the merchant's currency.
"""

from django.db import models
from django.db.models import F, Q

from config.kernel import clock
from config.kernel.append_only import AppendOnly
from config.kernel.ids import uuid7
from merchants.onboarding.models import Merchant
from merchants.terms.values import Schedule


class PayoutTermsVersion(models.Model):
    """A merchant's payout terms from a business date on; see `PayoutTerms`."""

    append_only = AppendOnly()

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="payout_terms")
    version = models.PositiveIntegerField()
    valid_from = models.DateField()
    delay_days = models.PositiveSmallIntegerField(default=0)
    calendar = models.CharField(max_length=2, blank=True)
    schedule = models.CharField(max_length=9, choices=[(s.value, s.value) for s in Schedule])
    schedule_day = models.PositiveSmallIntegerField(null=True, blank=True)
    minimum_minor = models.BigIntegerField(default=0)
    reserve_bps = models.PositiveIntegerField(default=0)
    reserve_days = models.PositiveSmallIntegerField(default=0)
    decided_by = models.CharField(max_length=150)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = "payout terms"
        verbose_name_plural = "payout terms"
        ordering = ("merchant", "-valid_from", "-version")
        constraints = (
            models.UniqueConstraint(
                name="payout_terms_version_once", fields=["merchant", "version"]
            ),
            models.CheckConstraint(
                name="payout_terms_within_bounds",
                condition=Q(minimum_minor__gte=0, reserve_bps__lte=10_000),
            ),
        )

    def __str__(self) -> str:
        return f"T+{self.delay_days} {self.schedule} (v{self.version})"


class MethodFee(models.Model):
    """A merchant's fee for one method of payment, or for all (`method` empty), from a date on."""

    append_only = AppendOnly()

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="method_fees")
    version = models.PositiveIntegerField()
    method = models.CharField(max_length=8, blank=True)
    valid_from = models.DateField()
    fee_bps = models.PositiveIntegerField()
    fixed_minor = models.BigIntegerField(default=0)
    minimum_minor = models.BigIntegerField(default=0)
    maximum_minor = models.BigIntegerField(null=True, blank=True)
    kept_on_refund = models.BooleanField(default=False)
    decided_by = models.CharField(max_length=150)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = "fee"
        ordering = ("merchant", "method", "-valid_from", "-version")
        constraints = (
            models.UniqueConstraint(name="method_fee_version_once", fields=["merchant", "version"]),
            models.CheckConstraint(
                name="method_fee_within_bounds",
                condition=Q(fee_bps__lte=10_000, fixed_minor__gte=0, minimum_minor__gte=0)
                & (Q(maximum_minor__isnull=True) | Q(maximum_minor__gte=F("minimum_minor"))),
            ),
        )

    def __str__(self) -> str:
        return f"{self.fee_bps / 100:.2f} % {self.method} (v{self.version})"


class CalendarDay(models.Model):
    """A day on which a calendar is not what the libraries say: a typhoon, a late decree."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    calendar = models.CharField(max_length=2)
    day = models.DateField()
    is_working = models.BooleanField()
    decided_by = models.CharField(max_length=150)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = "calendar day"
        ordering = ("-day", "calendar")
        constraints = (
            models.UniqueConstraint(name="calendar_day_once", fields=["calendar", "day"]),
        )

    def __str__(self) -> str:
        return f"{self.calendar} {self.day}"


class PayoutHold(models.Model):
    """Nothing is paid out to a merchant while one of these is not lifted.

    An operator placed it, or a risk case did (`case_id`).
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="payout_holds")
    case_id = models.UUIDField(null=True, blank=True)
    reason = models.CharField(max_length=200)
    placed_by = models.CharField(max_length=150)
    placed_at = models.DateTimeField(default=clock.now)
    lifted_by = models.CharField(max_length=150, blank=True)
    lifted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "payout hold"
        ordering = ("-placed_at",)
        permissions = (("place_payouthold", "Can hold a merchant's payouts"),)
        constraints = (
            models.UniqueConstraint(
                name="payout_hold_one_live",
                fields=["merchant"],
                condition=Q(lifted_at__isnull=True, case_id__isnull=True),
            ),
            models.UniqueConstraint(
                name="payout_hold_once_a_case",
                fields=["merchant", "case_id"],
                condition=Q(lifted_at__isnull=True),
            ),
        )

    def __str__(self) -> str:
        return f"hold of {self.placed_at:%Y-%m-%d}"


class BankAccountChange(models.Model):
    """Another bank account for a merchant's payouts, which takes effect after a cooling period."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    merchant = models.ForeignKey(
        Merchant, on_delete=models.PROTECT, related_name="bank_account_changes"
    )
    bank = models.CharField(max_length=64)
    account = models.CharField(max_length=34)
    holder = models.CharField(max_length=64)
    decided_by = models.CharField(max_length=150)
    created_at = models.DateTimeField(default=clock.now)
    takes_effect_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "bank account change"
        ordering = ("-created_at",)
        constraints = (
            models.UniqueConstraint(
                name="bank_account_change_one_waits",
                fields=["merchant"],
                condition=Q(applied_at__isnull=True, cancelled_at__isnull=True),
            ),
        )

    def __str__(self) -> str:
        return f"{self.bank} {self.account}"
