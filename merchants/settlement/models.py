"""Tables of settlement: fee rules, batches and their lines.

Amounts are whole minor units of the row's currency.
"""

from django.db import models
from django.db.models import F, Q

from config.kernel import clock
from config.kernel.ids import uuid7
from merchants.onboarding.models import Merchant
from merchants.settlement.values import INCOMING, UNCALCULATED, BatchState, LineKind, Wait

_IN = sorted(kind.value for kind in INCOMING)
_SPLITS = [LineKind.SPLIT.value, LineKind.SPLIT_BACK.value]


class FeeRule(models.Model):
    """The terms a merchant's payments were charged on; a change of terms is a new version.

    Each line names the rule it was charged by, so that any fee can be worked out again.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="fee_rules")
    version = models.PositiveIntegerField()
    method = models.CharField(max_length=8, blank=True, default="", db_default="")
    fee_bps = models.PositiveIntegerField()
    minimum_minor = models.BigIntegerField(default=0)
    maximum_minor = models.BigIntegerField(null=True, blank=True)
    fixed_minor = models.BigIntegerField(default=0, db_default=0)
    kept_on_refund = models.BooleanField(default=False, db_default=False)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ("merchant", "-version")
        constraints = (
            models.UniqueConstraint(name="fee_rule_version_once", fields=["merchant", "version"]),
            models.CheckConstraint(name="fee_rule_at_most_all", condition=Q(fee_bps__lte=10_000)),
            models.CheckConstraint(
                name="fee_rule_bounds_in_order",
                condition=Q(minimum_minor__gte=0)
                & (Q(maximum_minor__isnull=True) | Q(maximum_minor__gte=F("minimum_minor"))),
            ),
        )

    def __str__(self) -> str:
        return f"{self.fee_bps / 100:.2f} % (v{self.version})"


class SettlementBatch(models.Model):
    """One merchant's business day in one currency: what it came to and what became of it.

    The row is made by the first payment or refund of the day, which is how the timetable
    knows when something falls due. `net = gross - refunded - split + split_back - fee` is
    what the statement shows; the splits are what went to others and what came back. The
    journal moves `pending_minor` out of merchant:pending; what of it is paid out is
    `payable_minor`. The two differ by what the statement lists beside the net:

        payable = net + brought - carried + taken + covered - receivable

    where `taken_minor` was refunded or split from elsewhere than pending (the ledger had moved it
    already) and `covered_minor` is a shortfall that payable or the receivable took over.
    Of it `aside_minor` is kept back for trades that may still be split, and `released_minor`
    was kept back of earlier days and goes out with this one; `reserved_minor` went into the
    rolling reserve, and `unreserved_minor` came out of it. It is paid out at `payout_after`
    (empty: as soon as it is calculated), unless it `waits_for` more money or to be asked for.
    `netted_minor` is what debts, refunds and splits had taken of it by then; the rest is paid.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="batches")
    business_date = models.DateField()
    currency = models.CharField(max_length=3)
    state = models.CharField(
        max_length=17,
        default=BatchState.OPEN.value,
        choices=[(state.value, state.value) for state in BatchState],
    )
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    fee_rule = models.ForeignKey(FeeRule, on_delete=models.PROTECT, null=True, blank=True)
    payment_count = models.PositiveIntegerField(default=0)
    refund_count = models.PositiveIntegerField(default=0)
    gross_minor = models.BigIntegerField(default=0)
    refunded_minor = models.BigIntegerField(default=0)
    split_minor = models.BigIntegerField(default=0)
    split_back_minor = models.BigIntegerField(default=0)
    fee_minor = models.BigIntegerField(default=0)
    net_minor = models.BigIntegerField(default=0)
    brought_minor = models.BigIntegerField(default=0)
    carried_minor = models.BigIntegerField(default=0)
    taken_minor = models.BigIntegerField(default=0)
    covered_minor = models.BigIntegerField(default=0)
    receivable_minor = models.BigIntegerField(default=0)
    pending_minor = models.BigIntegerField(default=0)
    payable_minor = models.BigIntegerField(default=0)
    aside_minor = models.BigIntegerField(default=0)
    released_minor = models.BigIntegerField(default=0)
    reserved_minor = models.BigIntegerField(default=0, db_default=0)
    unreserved_minor = models.BigIntegerField(default=0, db_default=0)
    netted_minor = models.BigIntegerField(default=0, db_default=0)
    payout_after = models.DateTimeField(null=True, blank=True)
    waits_for = models.CharField(
        max_length=7,
        blank=True,
        default=Wait.NOTHING.value,
        db_default="",
        choices=[(wait.value, wait.value) for wait in Wait],
    )
    journal_id = models.UUIDField(null=True, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    cut_off_at = models.DateTimeField(null=True, blank=True)
    calculated_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "settlement batch"
        verbose_name_plural = "settlement batches"
        ordering = ("-business_date", "-id")
        constraints = (
            models.UniqueConstraint(
                name="batch_one_a_day", fields=["merchant", "business_date", "currency"]
            ),
            models.CheckConstraint(
                name="batch_state_known",
                condition=Q(state__in=[state.value for state in BatchState]),
            ),
            models.CheckConstraint(
                name="batch_net_adds_up",
                condition=Q(
                    net_minor=F("gross_minor")
                    - F("refunded_minor")
                    - F("split_minor")
                    + F("split_back_minor")
                    - F("fee_minor")
                ),
            ),
            models.CheckConstraint(
                name="batch_payable_adds_up",
                condition=Q(
                    payable_minor=F("net_minor")
                    + F("brought_minor")
                    - F("carried_minor")
                    + F("taken_minor")
                    + F("covered_minor")
                    - F("receivable_minor")
                ),
            ),
            models.CheckConstraint(
                name="batch_pays_nothing_negative", condition=Q(payable_minor__gte=0)
            ),
            models.CheckConstraint(
                name="batch_keeps_back_what_it_has",
                condition=Q(
                    aside_minor__gte=0,
                    aside_minor__lte=F("payable_minor"),
                    released_minor__gte=0,
                ),
            ),
            models.CheckConstraint(
                name="batch_reserves_what_it_has",
                condition=Q(
                    reserved_minor__gte=0,
                    reserved_minor__lte=F("payable_minor") - F("aside_minor"),
                    unreserved_minor__gte=0,
                ),
            ),
            models.CheckConstraint(
                name="batch_nets_what_goes_out",
                condition=Q(
                    netted_minor__gte=0,
                    netted_minor__lte=F("payable_minor")
                    - F("aside_minor")
                    - F("reserved_minor")
                    + F("released_minor")
                    + F("unreserved_minor"),
                ),
            ),
            models.CheckConstraint(
                name="batch_day_has_an_end", condition=Q(closes_at__gt=F("opens_at"))
            ),
        )
        indexes = (
            models.Index(
                name="batch_due",
                fields=["closes_at"],
                condition=Q(state__in=[state.value for state in UNCALCULATED]),
            ),
            models.Index(
                name="batch_to_pay",
                fields=["calculated_at"],
                condition=Q(state=BatchState.CALCULATED.value),
            ),
            models.Index(name="batch_by_day", fields=["business_date", "merchant"]),
        )

    def __str__(self) -> str:
        return f"{self.business_date} {self.currency}"

    @property
    def out_minor(self) -> int:
        """What is to be paid out of it."""
        kept_minor = self.aside_minor + self.reserved_minor
        return self.payable_minor - kept_minor + self.released_minor + self.unreserved_minor


class ReserveHold(models.Model):
    """What one batch put into its merchant's rolling reserve, until the day of `due_at` settles."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    batch = models.OneToOneField(
        SettlementBatch, on_delete=models.PROTECT, related_name="reserve_hold"
    )
    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="reserve_holds")
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    due_at = models.DateTimeField()
    journal_id = models.UUIDField()
    queued_at = models.DateTimeField(null=True, blank=True)
    released_with = models.ForeignKey(
        SettlementBatch,
        on_delete=models.PROTECT,
        related_name="released_reserves",
        null=True,
        blank=True,
    )

    class Meta:
        verbose_name = "rolling reserve"
        ordering = ("due_at", "id")
        constraints = (
            models.CheckConstraint(name="reserve_above_zero", condition=Q(amount_minor__gt=0)),
        )
        indexes = (
            models.Index(
                name="reserve_due", fields=["due_at"], condition=Q(released_with__isnull=True)
            ),
        )

    def __str__(self) -> str:
        return f"reserve of {self.batch_id}"


class SettlementLine(models.Model):
    """One payment, refund or split in a batch. Settled once: the database sees to it.

    `amount_minor` and `fee_minor` are not negative; `net_minor` carries the sign.
    `pending_minor` is the part that went through merchant:pending. `split_id` is the share
    that went to a payee or, for SPLIT_BACK, its return. A payment's line has the payment's id,
    so that its key alone keeps it from being settled twice. A day has many lines, written by
    one statement under the batch's lock: batch and rule are not checked again for each.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    batch = models.ForeignKey(
        SettlementBatch,
        on_delete=models.PROTECT,
        related_name="lines",
        db_constraint=False,
        db_index=False,
    )
    kind = models.CharField(
        max_length=10, choices=[(kind.value, kind.value.capitalize()) for kind in LineKind]
    )
    payment_id = models.UUIDField()
    refund_id = models.UUIDField(null=True, blank=True)
    split_id = models.UUIDField(null=True, blank=True)
    number = models.CharField("payment number", max_length=28)
    reference = models.CharField(max_length=64)
    request_no = models.CharField("refund request", max_length=64, blank=True)
    amount_minor = models.BigIntegerField()
    fee_minor = models.BigIntegerField()
    net_minor = models.BigIntegerField()
    pending_minor = models.BigIntegerField()
    fee_rule = models.ForeignKey(
        FeeRule, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    occurred_at = models.DateTimeField()
    journal_id = models.UUIDField()

    class Meta:
        ordering = ("occurred_at", "id")
        constraints = (
            models.CheckConstraint(
                name="line_of_payment_has_its_id",
                condition=~Q(kind=LineKind.PAYMENT.value) | Q(payment_id=F("id")),
            ),
            models.UniqueConstraint(
                name="line_refund_settled_once",
                fields=["refund_id"],
                condition=Q(kind=LineKind.REFUND.value),
            ),
            models.CheckConstraint(
                name="line_refund_names_it",
                condition=Q(kind=LineKind.REFUND.value, refund_id__isnull=False)
                | (~Q(kind=LineKind.REFUND.value) & Q(refund_id__isnull=True)),
            ),
            models.UniqueConstraint(
                name="line_split_settled_once",
                fields=["kind", "split_id"],
                condition=Q(split_id__isnull=False),
            ),
            models.CheckConstraint(
                name="line_split_names_it",
                condition=Q(kind__in=_SPLITS, split_id__isnull=False, fee_minor=0)
                | (~Q(kind__in=_SPLITS) & Q(split_id__isnull=True)),
            ),
            models.CheckConstraint(
                name="line_fee_within_amount",
                condition=Q(amount_minor__gt=0)
                & Q(fee_minor__gte=0)
                & Q(fee_minor__lte=F("amount_minor")),
            ),
            models.CheckConstraint(
                name="line_net_adds_up",
                condition=Q(kind__in=_IN, net_minor=F("amount_minor") - F("fee_minor"))
                | (~Q(kind__in=_IN) & Q(net_minor=F("fee_minor") - F("amount_minor"))),
            ),
        )
        indexes = (
            models.Index(
                name="line_after_payment",
                fields=["payment_id", "kind"],
                condition=~Q(kind=LineKind.PAYMENT.value),
            ),
            models.Index(name="line_of_batch", fields=["batch", "occurred_at"]),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"
