"""Tables of payouts, and the simulated bank's diary."""

from django.db import models
from django.db.models import Q

from config.kernel import clock
from config.kernel.ids import uuid7
from merchants.onboarding.models import Merchant
from merchants.payouts.values import BankResult, CaseKind, Disposition, PayoutState
from merchants.settlement.models import SettlementBatch

LIVE = (
    PayoutState.CREATED.value,
    PayoutState.SUBMITTED.value,
    PayoutState.OVERDUE.value,
    PayoutState.PAID.value,
)


class Payout(models.Model):
    """One attempt to bring a batch's money to the merchant's bank.

    Where it goes is copied when it is made: a later change of the merchant's bank account
    does not redirect what is on its way. At most one attempt of a batch is not returned.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    batch = models.ForeignKey(SettlementBatch, on_delete=models.PROTECT, related_name="payouts")
    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="payouts")
    attempt = models.PositiveSmallIntegerField()
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    state = models.CharField(
        max_length=9,
        default=PayoutState.CREATED.value,
        choices=[(state.value, state.value) for state in PayoutState],
    )
    bank = models.CharField(max_length=64, blank=True)
    bank_account = models.CharField(max_length=34, blank=True)
    holder = models.CharField(max_length=64, blank=True)
    bank_reference = models.CharField(max_length=64, blank=True)
    reason = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    due_at = models.DateTimeField(default=clock.now)
    submitted_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    out_journal_id = models.UUIDField()
    end_journal_id = models.UUIDField(null=True, blank=True)
    recall_journal_id = models.UUIDField(null=True, blank=True)

    class Meta:
        ordering = ("-created_at", "-id")
        permissions = (("approve_payout", "Can approve another try of a returned payout"),)
        constraints = (
            models.UniqueConstraint(name="payout_attempt_once", fields=["batch", "attempt"]),
            models.UniqueConstraint(
                name="payout_one_live", fields=["batch"], condition=Q(state__in=LIVE)
            ),
            models.CheckConstraint(name="payout_above_zero", condition=Q(amount_minor__gt=0)),
            models.CheckConstraint(
                name="payout_end_has_journal",
                condition=Q(
                    state__in=[
                        PayoutState.CREATED.value,
                        PayoutState.SUBMITTED.value,
                        PayoutState.OVERDUE.value,
                    ],
                    end_journal_id__isnull=True,
                )
                | Q(
                    state__in=[PayoutState.PAID.value, PayoutState.RETURNED.value],
                    end_journal_id__isnull=False,
                )
                | Q(
                    state=PayoutState.RECALLED.value,
                    end_journal_id__isnull=False,
                    recall_journal_id__isnull=False,
                ),
            ),
        )
        indexes = (
            models.Index(
                name="payout_to_submit",
                fields=["due_at"],
                condition=Q(state=PayoutState.CREATED.value),
            ),
            models.Index(
                name="payout_unanswered",
                fields=["submitted_at"],
                condition=Q(state=PayoutState.SUBMITTED.value),
            ),
        )

    def __str__(self) -> str:
        return f"payout {self.id}"


class PayoutCase(models.Model):
    """Something about a payout that people look at, until it is closed.

    By itself where the bank answers or another attempt is made; else by two operators. Where
    its money stands in suspense `in_suspense` says so; `journal_id` is what took it out.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    payout = models.ForeignKey(Payout, on_delete=models.PROTECT, related_name="cases")
    kind = models.CharField(max_length=12, choices=[(kind.value, kind.value) for kind in CaseKind])
    reason = models.CharField(max_length=64, blank=True)
    in_suspense = models.BooleanField(default=False)
    opened_at = models.DateTimeField(default=clock.now)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.CharField(max_length=150, blank=True)
    journal_id = models.UUIDField(null=True, blank=True)

    class Meta:
        verbose_name = "payout case"
        ordering = ("-opened_at", "-id")
        constraints = (
            models.UniqueConstraint(
                name="payout_case_one_open",
                fields=["payout", "kind"],
                condition=Q(closed_at__isnull=True),
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.opened_at:%Y-%m-%d}"


class BankAnswer(models.Model):
    """The simulated bank's own diary: what it is going to tell us of a payout, and when.

    Beyond the edge of our world until `given_at`; from then on it is our record of what
    the bank said and what that did. `amount_minor` is what it says it moved (empty: all),
    `is_true` whether it did.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    payout = models.ForeignKey(Payout, on_delete=models.PROTECT, related_name="answers")
    bank_reference = models.CharField(max_length=64)
    result = models.CharField(
        max_length=8, choices=[(result.value, result.value) for result in BankResult]
    )
    reason = models.CharField(max_length=64, blank=True)
    amount_minor = models.BigIntegerField(null=True, blank=True)
    is_true = models.BooleanField(default=True, db_default=True)
    due_at = models.DateTimeField()
    given_at = models.DateTimeField(null=True, blank=True)
    disposition = models.CharField(
        max_length=12, blank=True, choices=[(entry.value, entry.value) for entry in Disposition]
    )

    class Meta:
        ordering = ("due_at", "id")
        indexes = (
            models.Index(
                name="payout_answer_due", fields=["due_at"], condition=Q(given_at__isnull=True)
            ),
        )

    def __str__(self) -> str:
        return f"{self.result} {self.bank_reference}"


class BankMessage(models.Model):
    """A pain.002 or camt.054 as the payout bank sent it, and what reading it did.

    Stored before anything is done, so that it cannot be lost; the same bytes are the same
    message. `dispositions` counts what came of its notices once it is processed.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    digest = models.CharField(max_length=64, unique=True)
    content = models.BinaryField()
    received_at = models.DateTimeField(default=clock.now)
    processed_at = models.DateTimeField(null=True, blank=True)
    dispositions = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ("received_at", "id")
        indexes = (
            models.Index(
                name="payout_message_due",
                fields=["received_at"],
                condition=Q(processed_at__isnull=True),
            ),
        )

    def __str__(self) -> str:
        return f"bank message {self.digest[:12]}"
