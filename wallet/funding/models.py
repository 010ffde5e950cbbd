"""Tables of funding. Amounts are whole minor units of yuan; columns and constraints only."""

from django.db import models
from django.db.models import F, Q

from config.kernel import clock, columns
from config.kernel.append_only import AppendOnly
from config.kernel.ids import uuid7
from wallet.funding.values import BillState, LineState, LoanEvent, SavingsKind, Source


class FundingOrder(models.Model):
    """In which order a payer's sources are asked once the balance falls short."""

    user_id = models.UUIDField(primary_key=True)
    sources = models.JSONField(default=list)

    def __str__(self) -> str:
        return f"order of {self.user_id}"


class Savings(models.Model):
    """Somebody's savings; `account_id` is the ledger account that holds them."""

    user_id = models.UUIDField(primary_key=True)
    account_id = models.UUIDField(unique=True)
    opened_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"savings of {self.user_id}"


class SavingsOrder(models.Model):
    """One deposit or redemption; the fund confirms it with the night's settlement."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user_id = models.UUIDField()
    key = models.CharField(max_length=255)
    kind = models.CharField(max_length=7, choices=[(k, k) for k in SavingsKind])
    amount_minor = models.BigIntegerField()
    journal_id = models.UUIDField()
    created_at = models.DateTimeField(default=clock.now)
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-created_at", "-id")
        constraints = (
            models.UniqueConstraint(name="savings_order_once", fields=["user_id", "key"]),
            models.CheckConstraint(name="savings_order_moves", condition=Q(amount_minor__gt=0)),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class CreditLine(models.Model):
    """A pay-later line; `owed_minor` is what is drawn and not repaid, fees included."""

    user_id = models.UUIDField(primary_key=True)
    state = columns.state(LineState.ACTIVE, 6)
    limit_minor = models.BigIntegerField()
    owed_minor = models.BigIntegerField(default=0)
    opened_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = (
            models.CheckConstraint(name="credit_line_owes", condition=Q(owed_minor__gte=0)),
        )

    def __str__(self) -> str:
        return f"line of {self.user_id}"


class Bill(models.Model):
    """What a line owes for a month; `due_at` is when it is billed, then when it is overdue."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    line = models.ForeignKey(CreditLine, on_delete=models.PROTECT, related_name="bills")
    state = columns.state(BillState.OPEN, 7)
    amount_minor = models.BigIntegerField(default=0)
    fee_minor = models.BigIntegerField(default=0)
    paid_minor = models.BigIntegerField(default=0)
    opened_at = models.DateTimeField(default=clock.now)
    billed_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("opened_at", "id")
        constraints = (
            models.UniqueConstraint(
                name="bill_one_open", fields=["line"], condition=Q(state=BillState.OPEN.value)
            ),
            models.CheckConstraint(
                name="bill_within_amount",
                condition=Q(paid_minor__gte=0, paid_minor__lte=F("amount_minor") + F("fee_minor")),
            ),
        )
        indexes = (
            models.Index(name="bill_due", fields=["due_at"], condition=Q(due_at__isnull=False)),
        )

    def __str__(self) -> str:
        return f"bill {self.id}"


class FundingUse(models.Model):
    """What one source gave to one payment, and how much of it went back."""

    payment_id = models.UUIDField()
    position = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=7, choices=[(s, s) for s in Source])
    amount_minor = models.BigIntegerField()
    returned_minor = models.BigIntegerField(default=0)
    bill = models.ForeignKey(Bill, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("payment_id", "position")
        constraints = (
            models.UniqueConstraint(name="funding_use_once", fields=["payment_id", "position"]),
            models.CheckConstraint(
                name="funding_use_within",
                condition=Q(returned_minor__gte=0, returned_minor__lte=F("amount_minor")),
            ),
        )

    def __str__(self) -> str:
        return f"{self.source} of {self.payment_id}"


class LoanEntry(models.Model):
    """The lender's own book: what each line owes after each event, below zero where it sinks."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    line = models.ForeignKey(CreditLine, on_delete=models.PROTECT, related_name="entries")
    key = models.CharField(max_length=300, unique=True)
    event = models.CharField(max_length=6, choices=[(e, e) for e in LoanEvent])
    change_minor = models.BigIntegerField()
    owed_minor = models.BigIntegerField()
    at = models.DateTimeField(default=clock.now)

    append_only = AppendOnly()

    class Meta:
        ordering = ("at", "id")
        verbose_name_plural = "loan entries"

    def __str__(self) -> str:
        return f"{self.event} {self.key}"


class FundingDay(models.Model):
    """One house day to be settled with the fund and the lender, and what moved at the bank.

    `fund_minor` and `lender_minor` are what came in from them, below zero where it went out.
    """

    day = models.DateField(primary_key=True)
    due_at = models.DateTimeField(null=True)
    fund_minor = models.BigIntegerField(default=0)
    lent_minor = models.BigIntegerField(default=0)
    repaid_minor = models.BigIntegerField(default=0)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (
            models.Index(
                name="funding_day_due", fields=["due_at"], condition=Q(due_at__isnull=False)
            ),
        )

    def __str__(self) -> str:
        return str(self.day)


class MarketingConsent(models.Model):
    """Somebody's yes to offers; withdrawn, it stays as a record of when it held."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user_id = models.UUIDField()
    given_at = models.DateTimeField(default=clock.now)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-given_at", "-id")
        constraints = (
            models.UniqueConstraint(
                name="marketing_consent_once",
                fields=["user_id"],
                condition=Q(withdrawn_at__isnull=True),
            ),
        )
        indexes = (
            models.Index(
                name="marketing_consent_over",
                fields=["withdrawn_at"],
                condition=Q(withdrawn_at__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"consent of {self.user_id}"
