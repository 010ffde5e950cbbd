"""Tables of reconciliation: statements, their lines, and breaks.

Amounts are whole minor units, above zero where money came in to our account at the bank.
"""

from django.db import models
from django.db.models import Q

from config.kernel import clock
from config.kernel.append_only import AppendOnly
from config.kernel.ids import uuid7
from merchants.reconciliation.values import BreakKind, BreakState, FileFormat, LineStatus, Template


class StatementFile(models.Model):
    """The bank's statement of one day, read whole; `digest` is its SHA-256.

    Of a day one statement counts; one made before the day was over is superseded by a later.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    day = models.DateField()
    currency = models.CharField(max_length=3)
    file_format = models.CharField(max_length=8, choices=[(f.value, f.value) for f in FileFormat])
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    opening_minor = models.BigIntegerField()
    closing_minor = models.BigIntegerField()
    line_count = models.PositiveIntegerField()
    read_at = models.DateTimeField(default=clock.now)
    superseded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-day", "-read_at")
        constraints = (
            models.UniqueConstraint(
                name="statement_one_a_day",
                fields=["day", "currency"],
                condition=Q(superseded_at__isnull=True),
            ),
        )

    def __str__(self) -> str:
        return f"{self.day} {self.currency}"


class BankLine(models.Model):
    """One line of a statement, as it was read."""

    append_only = AppendOnly()

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    file = models.ForeignKey(StatementFile, on_delete=models.PROTECT, related_name="lines")
    position = models.PositiveIntegerField()
    bank_reference = models.CharField(max_length=64)
    reference = models.CharField(max_length=64, blank=True)
    amount_minor = models.BigIntegerField()
    fee_minor = models.BigIntegerField(default=0)
    currency = models.CharField(max_length=3)
    status = models.CharField(max_length=7, choices=[(s.value, s.value) for s in LineStatus])
    booked_at = models.DateTimeField()

    class Meta:
        ordering = ("file", "position")
        constraints = (
            models.UniqueConstraint(name="bank_line_position", fields=["file", "position"]),
            models.CheckConstraint(name="bank_line_fee_kept", condition=Q(fee_minor__gte=0)),
        )
        indexes = (models.Index(name="bank_line_reference", fields=["reference"]),)

    def __str__(self) -> str:
        return self.bank_reference


class Break(models.Model):
    """A difference between a day's statement and our books.

    `position` is the line's number in the statement, 0 without a line. `ours_minor` and
    `theirs_minor` are None where a side has nothing. `journal_id` is what closed it, where
    its money went to suspense.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    day = models.DateField()
    position = models.PositiveIntegerField(default=0)
    kind = models.CharField(max_length=13, choices=[(k.value, k.value) for k in BreakKind])
    reference = models.CharField(max_length=64, blank=True)
    bank_reference = models.CharField(max_length=64, blank=True)
    ours_minor = models.BigIntegerField(null=True, blank=True)
    theirs_minor = models.BigIntegerField(null=True, blank=True)
    is_incoming = models.BooleanField()
    currency = models.CharField(max_length=3)
    state = models.CharField(
        max_length=8, default=BreakState.OPEN, choices=[(s.value, s.value) for s in BreakState]
    )
    template = models.CharField(
        max_length=9, blank=True, choices=[(t.value, t.value) for t in Template]
    )
    journal_id = models.UUIDField(null=True, blank=True)
    found_at = models.DateTimeField(default=clock.now)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "break"
        ordering = ("-day", "position", "reference")
        constraints = (
            models.UniqueConstraint(
                name="break_once",
                fields=["day", "position", "reference", "bank_reference", "is_incoming"],
            ),
            models.CheckConstraint(
                name="break_closed_has_time",
                condition=Q(state=BreakState.OPEN.value, closed_at__isnull=True)
                | (~Q(state=BreakState.OPEN.value) & Q(closed_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="break_resolved_by_template",
                condition=(Q(state=BreakState.RESOLVED.value) & ~Q(template=""))
                | (~Q(state=BreakState.RESOLVED.value) & Q(template="", journal_id__isnull=True)),
            ),
        )
        indexes = (
            models.Index(
                name="break_open", fields=["day"], condition=Q(state=BreakState.OPEN.value)
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.reference or self.bank_reference}"


class ClosedDay(models.Model):
    """A house day whose books are closed: its statement and its breaks stay as they are."""

    append_only = AppendOnly()

    day = models.DateField(primary_key=True)
    closed_by = models.CharField(max_length=150)
    closed_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ("-day",)

    def __str__(self) -> str:
        return f"{self.day}"
