"""Tables of splits: whom a merchant may pay, what it splits, what comes back.

Amounts are whole minor units of the merchant's currency.
"""

from django.db import models
from django.db.models import F, Q

from config.kernel import clock
from config.kernel.ids import uuid7
from merchants.onboarding.models import Merchant
from merchants.splits.values import NamedBy, SplitState


class SplitRelation(models.Model):
    """A payee whom a merchant has bound; one in force for each merchant and payee."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="payees")
    payee_number = models.CharField(max_length=16)
    named_by = models.CharField(max_length=6, choices=[(k.value, k.value) for k in NamedBy])
    account = models.CharField(max_length=128)
    name = models.CharField(max_length=128, blank=True)
    memo = models.CharField(max_length=256, blank=True)
    bound_at = models.DateTimeField(default=clock.now)
    unbound_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                name="split_relation_once",
                fields=["merchant", "payee_number"],
                condition=Q(unbound_at__isnull=True),
            ),
        )

    def __str__(self) -> str:
        return f"{self.payee_number} {self.name}"


class Split(models.Model):
    """One request to split a trade; `request_no` is the merchant's own number for it.

    `parts` is what was asked for, to tell a repeat from another request. `ends` closes the
    trade to further splits.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="splits")
    payment_id = models.UUIDField(db_index=True)
    trade_number = models.CharField(max_length=28)
    trade_reference = models.CharField(max_length=64)
    request_no = models.CharField(max_length=64)
    number = models.CharField(max_length=28, unique=True)
    parts = models.JSONField(default=list)
    amount_minor = models.BigIntegerField(default=0)
    currency = models.CharField(max_length=3)
    at_once = models.BooleanField(default=True)
    ends = models.BooleanField(default=False)
    operator = models.CharField(max_length=64, blank=True)
    app_number = models.CharField(max_length=16, blank=True)
    state = models.CharField(max_length=7, choices=[(s.value, s.value) for s in SplitState])
    reason = models.CharField(max_length=32, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    due_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-created_at", "-id")
        constraints = (
            models.UniqueConstraint(name="split_once", fields=["merchant", "request_no"]),
            models.CheckConstraint(
                name="split_ended_has_time",
                condition=Q(state=SplitState.PENDING.value, ended_at__isnull=True)
                | (~Q(state=SplitState.PENDING.value) & Q(ended_at__isnull=False)),
            ),
        )
        indexes = (
            models.Index(
                name="split_due", fields=["due_at"], condition=Q(state=SplitState.PENDING.value)
            ),
        )

    def __str__(self) -> str:
        return self.number


class SplitShare(models.Model):
    """What one payee gets by a split; `journal_id` once it has moved."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    split = models.ForeignKey(Split, on_delete=models.PROTECT, related_name="shares")
    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+")
    payment_id = models.UUIDField(db_index=True)
    payee_number = models.CharField(max_length=16)
    payee_login = models.CharField(max_length=128, blank=True)
    payee_name = models.CharField(max_length=128, blank=True)
    account_id = models.UUIDField()
    amount_minor = models.BigIntegerField()
    returned_minor = models.BigIntegerField(default=0)
    currency = models.CharField(max_length=3)
    description = models.CharField(max_length=1000, blank=True)
    journal_id = models.UUIDField(null=True, blank=True)
    moved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(name="split_share_above_zero", condition=Q(amount_minor__gt=0)),
            models.CheckConstraint(
                name="split_share_returns_within",
                condition=Q(returned_minor__gte=0, returned_minor__lte=F("amount_minor")),
            ),
        )
        indexes = (
            models.Index(
                name="split_share_moved",
                fields=["merchant", "moved_at"],
                condition=Q(moved_at__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"{self.payee_number} {self.amount_minor}"


class SetAside(models.Model):
    """What of a settled trade is not paid out yet, because it may still be split.

    It stays among what is payable. `left_minor` shrinks as the trade is split or refunded;
    at `until` what is left goes out with the merchant's next settlement (`released_at`).
    `queued_at` is when that settlement was made sure of.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+")
    payment_id = models.UUIDField(unique=True)
    amount_minor = models.BigIntegerField()
    left_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    created_at = models.DateTimeField(default=clock.now)
    until = models.DateTimeField()
    queued_at = models.DateTimeField(null=True, blank=True)
    released_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "sums set aside"
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(
                name="set_aside_left_within",
                condition=Q(left_minor__gte=0, left_minor__lte=F("amount_minor")),
            ),
        )
        indexes = (
            models.Index(
                name="set_aside_of_merchant",
                fields=["merchant", "until"],
                condition=Q(released_at__isnull=True),
            ),
            models.Index(
                name="set_aside_due",
                fields=["until"],
                condition=Q(released_at__isnull=True, queued_at__isnull=True),
            ),
        )

    def __str__(self) -> str:
        return f"{self.left_minor} of {self.payment_id}"


class SplitReturn(models.Model):
    """What came back of a share with one refund; `request_no` is the refund's number."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    share = models.ForeignKey(SplitShare, on_delete=models.PROTECT, related_name="returns")
    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+")
    payment_id = models.UUIDField(db_index=True)
    number = models.CharField(max_length=28, unique=True)
    request_no = models.CharField(max_length=64)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    journal_id = models.UUIDField()
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(name="split_return_above_zero", condition=Q(amount_minor__gt=0)),
        )
        indexes = (models.Index(name="split_return_made", fields=["merchant", "created_at"]),)

    def __str__(self) -> str:
        return self.number
