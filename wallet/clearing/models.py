"""Tables of clearing: each half of a transfer stands in its own unit's database.

Amounts are whole minor units of `currency`. Both halves have the same id, made in the
payer's unit. What a half says of its journal, the database checks.
"""

from django.db import models
from django.db.models import F, Q

from config.kernel import clock, columns
from config.kernel.ids import uuid7
from wallet.clearing.values import IncomingState, OutgoingState, RefusalReason
from wallet.payments.values import CURRENCY

_REASONS = [(reason, reason) for reason in RefusalReason]


class OutgoingTransfer(models.Model):
    """The payer's half. `key` is the payer's own; at `due_at` the other unit is asked again."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    key = models.CharField(max_length=255)
    payer_id = models.UUIDField()
    payer_account_id = models.UUIDField()
    payee_id = models.UUIDField()
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3, default=CURRENCY)
    reference = models.CharField(max_length=64)
    state = columns.state(OutgoingState.SENT, 9)
    reason = models.CharField(max_length=20, blank=True, choices=_REASONS)
    unit = models.PositiveSmallIntegerField()
    payee_unit = models.PositiveSmallIntegerField()
    journal_id = models.UUIDField()
    return_journal_id = models.UUIDField(null=True)
    created_at = models.DateTimeField(default=clock.now)
    due_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-created_at", "-id")
        constraints = (
            models.UniqueConstraint(name="outgoing_one_per_key", fields=["payer_id", "key"]),
            models.CheckConstraint(name="outgoing_above_zero", condition=Q(amount_minor__gt=0)),
            models.CheckConstraint(
                name="outgoing_to_another_unit", condition=~Q(unit=F("payee_unit"))
            ),
            models.CheckConstraint(
                name="outgoing_returned_by_journal",
                condition=Q(state=OutgoingState.RETURNED.value, return_journal_id__isnull=False)
                | ~Q(state=OutgoingState.RETURNED.value) & Q(return_journal_id__isnull=True),
            ),
            models.CheckConstraint(
                name="outgoing_due_while_open",
                condition=Q(
                    state__in=[OutgoingState.SENT.value, OutgoingState.REFUSED.value],
                    due_at__isnull=False,
                )
                | Q(
                    state__in=[OutgoingState.COMPLETED.value, OutgoingState.RETURNED.value],
                    due_at__isnull=True,
                ),
            ),
        )
        indexes = (
            models.Index(
                name="outgoing_due", fields=["state", "due_at"], condition=Q(due_at__isnull=False)
            ),
        )

    def __str__(self) -> str:
        return f"{self.id} {self.state}"


class IncomingTransfer(models.Model):
    """The payee's half, written by the payer's unit and decided by the payee's."""

    id = models.UUIDField(primary_key=True, editable=False)
    payer_id = models.UUIDField()
    payee_id = models.UUIDField()
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    reference = models.CharField(max_length=64)
    state = columns.state(IncomingState.RECEIVED, 8)
    reason = models.CharField(max_length=20, blank=True, choices=_REASONS)
    unit = models.PositiveSmallIntegerField()
    payer_unit = models.PositiveSmallIntegerField()
    journal_id = models.UUIDField(null=True)
    received_at = models.DateTimeField(default=clock.now)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-received_at", "-id")
        constraints = (
            models.CheckConstraint(name="incoming_above_zero", condition=Q(amount_minor__gt=0)),
            models.CheckConstraint(
                name="incoming_credited_by_journal",
                condition=Q(state=IncomingState.RECEIVED.value, journal_id__isnull=True, reason="")
                | Q(state=IncomingState.CREDITED.value, journal_id__isnull=False, reason="")
                | Q(state=IncomingState.REFUSED.value, journal_id__isnull=True) & ~Q(reason=""),
            ),
        )
        indexes = (
            models.Index(
                name="incoming_undecided",
                fields=["received_at"],
                condition=Q(state=IncomingState.RECEIVED.value),
            ),
        )

    def __str__(self) -> str:
        return f"{self.id} {self.state}"
