"""Tables of funds: top-ups of a merchant's balance, transfers from it, the bank's answers.

Amounts are whole minor units of the row's currency.
"""

from django.db import models
from django.db.models import Q

from config.kernel import clock
from config.kernel.ids import uuid7
from merchants.funds.values import (
    BatchState,
    LineState,
    PayeeNamedBy,
    TransferKind,
    TransferState,
)
from merchants.onboarding.models import Merchant
from merchants.payouts.values import BankResult

_OPEN = [BatchState.WAITING.value, BatchState.SENDING.value]


class BalanceTopup(models.Model):
    """Money the owner moved from their wallet to the merchant's balance, once for each key."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="topups")
    request_key = models.CharField(max_length=255)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    journal_id = models.UUIDField()
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = "balance top-up"
        ordering = ("-created_at", "-id")
        constraints = (
            models.UniqueConstraint(
                name="balance_topup_one_per_key", fields=["merchant", "request_key"]
            ),
            models.CheckConstraint(
                name="balance_topup_above_zero", condition=Q(amount_minor__gt=0)
            ),
        )

    def __str__(self) -> str:
        return f"balance top-up {self.id}"


class MerchantTransfer(models.Model):
    """Money a merchant sent from its balance; `reference` is its own number for it.

    `payee_account_id` is the ledger account that was credited, for a wallet; a card's
    money goes through the bank. `end_journal_id` is the bank's last word, in the books.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="transfers")
    reference = models.CharField(max_length=64)
    number = models.CharField(max_length=32, unique=True)
    fund_number = models.CharField(max_length=32, unique=True)
    kind = models.CharField(max_length=9, choices=[(k.value, k.value) for k in TransferKind])
    named_by = models.CharField(max_length=6, choices=[(k.value, k.value) for k in PayeeNamedBy])
    identity = models.CharField(max_length=128)
    payee_name = models.CharField(max_length=128, blank=True)
    payee_account_id = models.UUIDField(null=True, blank=True)
    bank = models.CharField(max_length=64, blank=True)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    title = models.CharField(max_length=128, blank=True)
    remark = models.CharField(max_length=200, blank=True)
    app_number = models.CharField(max_length=16, blank=True)
    product = models.CharField(max_length=64, blank=True)
    scene = models.CharField(max_length=64, blank=True)
    origin = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=10, choices=[(s.value, s.value) for s in TransferState])
    reason = models.CharField(max_length=64, blank=True)
    business_date = models.DateField()
    journal_id = models.UUIDField()
    end_journal_id = models.UUIDField(null=True, blank=True)
    return_journal_id = models.UUIDField(null=True, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-created_at", "-id")
        constraints = (
            models.UniqueConstraint(
                name="merchant_transfer_once", fields=["merchant", "reference"]
            ),
            models.CheckConstraint(
                name="merchant_transfer_above_zero", condition=Q(amount_minor__gt=0)
            ),
            models.CheckConstraint(
                name="merchant_transfer_ended_has_time",
                condition=Q(state=TransferState.PROCESSING.value, finished_at__isnull=True)
                | (~Q(state=TransferState.PROCESSING.value) & Q(finished_at__isnull=False)),
            ),
        )
        indexes = (
            models.Index(name="transfer_of_merchant", fields=["merchant", "created_at"]),
            models.Index(name="transfer_of_day", fields=["merchant", "business_date"]),
        )

    def __str__(self) -> str:
        return self.number


class CardAnswer(models.Model):
    """What the card bank says of a transfer: planned by the simulated one, sent by a real one.

    Acted on at `due_at`; what is planned is beyond the edge of our world until `given_at`.
    `bank_reference` is a real bank's own id of this answer, None of a planned one. An empty
    amount means all of it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    transfer = models.ForeignKey(MerchantTransfer, on_delete=models.PROTECT, related_name="answers")
    bank_reference = models.CharField(max_length=64, unique=True, null=True, blank=True)
    result = models.CharField(
        max_length=8, choices=[(result.value, result.value) for result in BankResult]
    )
    reason = models.CharField(max_length=64, blank=True)
    amount_minor = models.BigIntegerField(null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True, db_default="")
    due_at = models.DateTimeField()
    given_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("due_at", "id")
        indexes = (
            models.Index(name="card_answer_due", fields=["due_at"], condition=Q(given_at=None)),
        )

    def __str__(self) -> str:
        return f"{self.result} {self.transfer_id}"


class TransferBatch(models.Model):
    """Many transfers asked for at once; `digest` stands for all that was asked.

    `due_at` is when its next lines are sent; none once all are dealt with. One that the owner
    is still to pay is good until `expires_at`.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    merchant = models.ForeignKey(
        Merchant, on_delete=models.PROTECT, related_name="transfer_batches"
    )
    reference = models.CharField(max_length=64)
    number = models.CharField(max_length=32, unique=True)
    digest = models.CharField(max_length=64)
    title = models.CharField(max_length=128, blank=True)
    app_number = models.CharField(max_length=16, blank=True)
    product = models.CharField(max_length=64, blank=True)
    scene = models.CharField(max_length=64, blank=True)
    origin = models.CharField(max_length=64, blank=True)
    count = models.PositiveIntegerField()
    total_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    state = models.CharField(
        max_length=7, default=BatchState.SENDING, choices=[(s.value, s.value) for s in BatchState]
    )
    created_at = models.DateTimeField(default=clock.now)
    due_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "transfer batches"
        ordering = ("-created_at", "-id")
        constraints = (
            models.UniqueConstraint(name="transfer_batch_once", fields=["merchant", "reference"]),
            models.CheckConstraint(
                name="transfer_batch_ended_has_time",
                condition=Q(state__in=_OPEN, finished_at__isnull=True)
                | (~Q(state__in=_OPEN) & Q(finished_at__isnull=False)),
            ),
        )
        indexes = (
            models.Index(
                name="transfer_batch_due", fields=["due_at"], condition=Q(due_at__isnull=False)
            ),
        )

    def __str__(self) -> str:
        return self.number


class BatchLine(models.Model):
    """One transfer of a batch, and what became of it; `reason` is the refusal's code."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    batch = models.ForeignKey(TransferBatch, on_delete=models.PROTECT, related_name="lines")
    position = models.PositiveIntegerField()
    reference = models.CharField(max_length=64)
    kind = models.CharField(max_length=9, choices=[(k.value, k.value) for k in TransferKind])
    named_by = models.CharField(max_length=6, choices=[(k.value, k.value) for k in PayeeNamedBy])
    identity = models.CharField(max_length=128)
    name = models.CharField(max_length=128, blank=True)
    bank = models.CharField(max_length=64, blank=True)
    amount_minor = models.BigIntegerField()
    title = models.CharField(max_length=128, blank=True)
    remark = models.CharField(max_length=200, blank=True)
    state = models.CharField(
        max_length=7, default=LineState.WAITING, choices=[(s.value, s.value) for s in LineState]
    )
    reason = models.CharField(max_length=64, blank=True)
    transfer = models.ForeignKey(
        MerchantTransfer, on_delete=models.PROTECT, null=True, blank=True, related_name="lines"
    )

    class Meta:
        ordering = ("batch", "position")
        constraints = (
            models.UniqueConstraint(name="batch_line_position", fields=["batch", "position"]),
            models.UniqueConstraint(name="batch_line_reference", fields=["batch", "reference"]),
            models.CheckConstraint(name="batch_line_above_zero", condition=Q(amount_minor__gt=0)),
        )
        indexes = (models.Index(name="batch_line_waiting", fields=["batch", "state"]),)

    def __str__(self) -> str:
        return self.reference


class Receipt(models.Model):
    """A receipt that a merchant asked for of a transfer it made; its file is ready in a while."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    transfer = models.OneToOneField(
        MerchantTransfer, on_delete=models.PROTECT, related_name="receipt"
    )
    number = models.CharField(max_length=32, unique=True)
    created_at = models.DateTimeField(default=clock.now)
    ready_at = models.DateTimeField()

    class Meta:
        ordering = ("-created_at", "-id")

    def __str__(self) -> str:
        return self.number
