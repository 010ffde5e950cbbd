"""Tables of payments: codes, payments, refunds, transfers, and counters of who pays what.

Columns and constraints only. Rows on the hot path name users, devices and ledger
accounts by id without foreign keys: each id comes from the look-up made a moment
before, and a key check costs a fifth of the whole payment.
"""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q

from config.kernel import clock, columns
from config.kernel.ids import uuid7
from wallet.payments.values import (
    CURRENCY,
    CloseReason,
    CodeState,
    DepositBackState,
    Method,
    PayeeKind,
    PaymentStatus,
    PresentedKind,
    RefundStatus,
    TransferState,
)
from wallet.qr.paycode import CodeKind


class PaymentCode(models.Model):
    """One code a payer may show once: an alias lent to a device, or a whole random code.

    `token` is the alias (nine digits) or the sixteen random digits. A claim names the
    payee and order it was made for, and the refusal it ended in, so that the same
    request is answered the same way again.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=1, choices=[(k.value, k.name) for k in CodeKind])
    token = models.CharField(max_length=16)
    user_id = models.UUIDField()
    device_id = models.UUIDField(null=True)
    state = columns.state(CodeState.ISSUED, 8)
    strikes = models.PositiveSmallIntegerField(default=0)
    issued_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    claim_payee_id = models.UUIDField(null=True)
    claim_reference = models.CharField(max_length=64, blank=True)
    refusal = models.CharField(max_length=32, blank=True)

    class Meta:
        constraints = (
            # A constraint and not unique=True: that would add a second index for LIKE.
            models.UniqueConstraint(name="code_one_per_token", fields=["token"]),
            models.CheckConstraint(
                name="code_state_known", condition=Q(state__in=[s.value for s in CodeState])
            ),
        )
        indexes = (
            # Without the state, so that a claim touches no index.
            models.Index(name="code_of_device", fields=["device_id"]),
            models.Index(name="code_expiry", fields=["expires_at"]),
        )

    def __str__(self) -> str:
        return f"payment code {self.id}"


class BadCodeCount(models.Model):
    """How many bad codes a payee has sent in the present minute."""

    payee_id = models.UUIDField(primary_key=True)
    since = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.payee_id} {self.count}"


class PayerActivity(models.Model):
    """What one payer has been doing, for the risk rules: their whole history in sums.

    Changed under the lock of the payer's ledger account. What counts against limits is
    kept with the payer's person, in the accounts slice.
    """

    payer_id = models.UUIDField(primary_key=True)
    payments = models.PositiveIntegerField(default=0)
    total_minor = models.BigIntegerField(default=0)
    largest_minor = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.payer_id} {self.payments}"


class Payment(models.Model):
    """One payment from a payer to a payee, known to the payee by `reference`.

    `needs_pin` says that only the payer's PIN moves it on. `finish_at` is when the time
    for refunds ends.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    number = models.CharField(max_length=28)
    status = columns.state(PaymentStatus.PENDING, 8)
    method = models.CharField(max_length=8, choices=[(m, m) for m in Method])
    presented = columns.state(PresentedKind.DYNAMIC, 8)
    payer_id = models.UUIDField(null=True)
    device_id = models.UUIDField(null=True)
    code_id = models.UUIDField(null=True)
    payee_id = models.UUIDField()
    payee_kind = models.CharField(max_length=8, choices=[(k, k) for k in PayeeKind])
    payee_account_id = models.UUIDField()
    payee_owner_id = models.UUIDField(null=True)
    payee_name = models.CharField(max_length=128, blank=True)
    payee_zone = models.CharField(max_length=40)
    payee_cutoff_hour = models.PositiveSmallIntegerField(db_default=0, default=0)
    reference = models.CharField(max_length=64)
    description = models.CharField(max_length=256, blank=True)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3, default=CURRENCY)
    refunded_minor = models.BigIntegerField(default=0)
    needs_pin = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()
    paid_at = models.DateTimeField(null=True)
    finish_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    contested_at = models.DateTimeField(null=True)
    close_reason = models.CharField(
        max_length=16, blank=True, choices=[(r, r) for r in CloseReason]
    )
    business_date = models.DateField(null=True)
    journal_id = models.UUIDField(null=True)
    details = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    unit = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ("-created_at", "-id")
        constraints = (
            models.UniqueConstraint(name="payment_one_per_number", fields=["number"]),
            models.UniqueConstraint(
                name="payment_one_per_reference", fields=["payee_id", "reference"]
            ),
            models.CheckConstraint(name="payment_above_zero", condition=Q(amount_minor__gt=0)),
            models.CheckConstraint(
                name="payment_refunds_within_paid",
                condition=Q(refunded_minor__gte=0, refunded_minor__lte=F("amount_minor")),
            ),
            models.CheckConstraint(
                name="payment_paid_has_journal",
                condition=Q(status=PaymentStatus.PENDING.value, journal_id__isnull=True)
                | Q(status=PaymentStatus.CLOSED.value)
                | Q(
                    status__in=[PaymentStatus.PAID.value, PaymentStatus.FINISHED.value],
                    journal_id__isnull=False,
                    payer_id__isnull=False,
                    paid_at__isnull=False,
                ),
            ),
        )
        indexes = (
            models.Index(name="payment_of_payer", fields=["payer_id", "created_at"]),
            models.Index(
                name="payment_of_payee",
                fields=["payee_id", "paid_at"],
                condition=Q(paid_at__isnull=False),
            ),
            models.Index(
                name="payment_expiry",
                fields=["expires_at"],
                condition=Q(status=PaymentStatus.PENDING.value),
            ),
            models.Index(
                name="payment_finish",
                fields=["finish_at"],
                condition=Q(status=PaymentStatus.PAID.value),
            ),
            # Operators read the newest first, and what was paid on a day.
            models.Index(name="payment_in_time", fields=["created_at", "id"]),
            models.Index(
                name="payment_by_day", fields=["paid_at"], condition=Q(paid_at__isnull=False)
            ),
        )

    def __str__(self) -> str:
        return self.number


class Refund(models.Model):
    """Money given back to where it came from; one row for each of the payee's requests."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="refunds")
    request_no = models.CharField(max_length=64)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    reason = models.CharField(max_length=256, blank=True)
    operator = models.CharField(max_length=64, blank=True)
    status = columns.state(RefundStatus.SUCCEEDED, 10)
    details = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    journal_id = models.UUIDField()
    business_date = models.DateField()
    payee_id = models.UUIDField()
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ("-created_at", "-id")
        constraints = (
            models.UniqueConstraint(
                name="refund_one_per_request", fields=["payment", "request_no"]
            ),
            models.CheckConstraint(name="refund_above_zero", condition=Q(amount_minor__gt=0)),
        )
        indexes = (
            models.Index(name="refund_of_payee", fields=["payee_id", "created_at"]),
            models.Index(name="refund_in_time", fields=["created_at", "id"]),
        )

    def __str__(self) -> str:
        return f"{self.payment_id} {self.request_no}"


class DepositBack(models.Model):
    """A refund that goes on to the buyer's bank, as the buyer wished; one row for each."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    refund = models.OneToOneField(Refund, on_delete=models.PROTECT, related_name="deposit_back")
    withdrawal_id = models.UUIDField(null=True, unique=True)
    amount_minor = models.BigIntegerField()
    state = models.CharField(max_length=8, choices=[(s, s) for s in DepositBackState])
    created_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "refunds to banks"
        ordering = ("-created_at", "-id")

    def __str__(self) -> str:
        return f"{self.refund_id} {self.state}"


class Transfer(models.Model):
    """Money sent from one person to another; `key` is the payer's own, unique for ever.

    A delayed one is held on the payer's account by `hold_id` until `due_at`.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    number = models.CharField(max_length=28)
    key = models.CharField(max_length=255)
    payer_id = models.UUIDField()
    payee_id = models.UUIDField()
    payee_name = models.CharField(max_length=64)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3, default=CURRENCY)
    note = models.CharField(max_length=128, blank=True)
    state = models.CharField(
        max_length=9,
        choices=[(s, s) for s in TransferState],
        default=TransferState.SUCCEEDED,
        db_default=TransferState.SUCCEEDED,
    )
    journal_id = models.UUIDField(null=True)
    hold_id = models.UUIDField(null=True)
    created_at = models.DateTimeField(default=clock.now)
    due_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    unit = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ("-created_at", "-id")
        constraints = (
            models.UniqueConstraint(name="transfer_one_per_number", fields=["number"]),
            models.UniqueConstraint(name="transfer_one_per_key", fields=["payer_id", "key"]),
            models.CheckConstraint(name="transfer_above_zero", condition=Q(amount_minor__gt=0)),
            models.CheckConstraint(
                name="transfer_between_two", condition=~Q(payer_id=F("payee_id"))
            ),
        )
        indexes = (
            models.Index(name="transfer_of_payer", fields=["payer_id", "created_at"]),
            models.Index(
                name="transfer_due", fields=["due_at"], condition=Q(state=TransferState.DELAYED)
            ),
            models.Index(name="transfer_of_payee", fields=["payee_id", "created_at"]),
            models.Index(name="transfer_in_time", fields=["created_at", "id"]),
        )

    def __str__(self) -> str:
        return self.number
