"""The books: accounts, journals, entries, holds, and what proves and speeds them up.

A journal says why money moved; its entries say where. Neither is ever changed: the
database refuses UPDATE and DELETE on both. The account row carries the balance under
a row lock, so nobody sums a history to answer "how much is there".

There are no foreign keys to the account and the journal in the database, on purpose:
see wallet/decisions/0003-foreign-keys-of-the-ledger.md for what guards them instead.
"""

from typing import Any

from django.db import models
from django.db.models import F, Q

from config.kernel.append_only import AppendOnly
from wallet.ledger.values import AccountKind, AccountState, HoldState, Side
from wallet.money import format_amount


def _choices(enum: Any) -> list[tuple[str, str]]:
    return [(member.value, member.value.replace("_", " ").capitalize()) for member in enum]


class Account(models.Model):
    """One line of the books in one currency.

    `posted_minor` is counted on the normal side. For a hot account it lags behind by the
    pending deltas not yet rolled up (`PendingDelta`). `last_posted_at` is the time of its
    latest entry, or of its latest checkpoint: entries never run backwards in time.
    The id follows from the code, so opening an account twice opens one.
    """

    append_only = AppendOnly(columns=("id", "code", "currency", "normal_side"))

    id = models.UUIDField(primary_key=True, editable=False)
    code = models.CharField(max_length=96)
    kind = models.CharField(max_length=20, choices=_choices(AccountKind))
    currency = models.CharField(max_length=3)
    normal_side = models.CharField(max_length=6, choices=_choices(Side))
    hot = models.BooleanField(default=False)
    state = models.CharField(
        max_length=6, choices=_choices(AccountState), default=AccountState.OPEN
    )
    unit = models.SmallIntegerField(default=0)
    posted_minor = models.BigIntegerField(default=0)
    held_minor = models.BigIntegerField(default=0)
    floor_minor = models.BigIntegerField(null=True)
    last_posted_at = models.DateTimeField(null=True)
    owner_id = models.UUIDField(null=True, db_index=True)
    opened_at = models.DateTimeField()

    class Meta:
        db_table = "ledger_account"
        ordering = ["code"]
        constraints = [
            # A constraint, not `unique=True`: Django would add a second index for LIKE.
            models.UniqueConstraint(name="ledger_account_code", fields=["code"]),
            models.CheckConstraint(
                name="ledger_account_above_floor",
                condition=Q(floor_minor__isnull=True)
                | Q(floor_minor__lte=F("posted_minor") - F("held_minor")),
            ),
            models.CheckConstraint(
                name="ledger_account_held_not_negative", condition=Q(held_minor__gte=0)
            ),
            models.CheckConstraint(
                name="ledger_account_side", condition=Q(normal_side__in=list(Side))
            ),
            models.CheckConstraint(
                name="ledger_account_state", condition=Q(state__in=list(AccountState))
            ),
            models.CheckConstraint(
                name="ledger_account_unit", condition=Q(unit__gte=0, unit__lt=100)
            ),
        ]
        # No index on a column that posting changes: an update must touch no index.
        indexes = [models.Index(name="ledger_account_hot", fields=["id"], condition=Q(hot=True))]

    def __str__(self) -> str:
        return self.code


class Journal(models.Model):
    """A balanced, immutable record of why money moved; corrections are reversals."""

    append_only = AppendOnly()

    id = models.UUIDField(primary_key=True, editable=False)
    posted_at = models.DateTimeField()
    reversal_of = models.UUIDField(null=True)
    business_date = models.DateField()
    unit = models.SmallIntegerField(default=0)
    key = models.CharField(max_length=128)
    kind = models.CharField(max_length=40)
    reference = models.CharField(max_length=64, blank=True, default="")
    narrative = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        db_table = "ledger_journal"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(name="ledger_journal_key", fields=["key"]),
            models.UniqueConstraint(
                name="ledger_journal_reversed_once",
                fields=["reversal_of"],
                condition=Q(reversal_of__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                name="ledger_journal_reference",
                fields=["reference"],
                condition=~Q(reference=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class Entry(models.Model):
    """One debit or credit of one account, immutable.

    `balance_after_minor` is the account's balance after it, on the normal side; empty for
    a hot account, whose entries are appended without knowing the balance. `posted_at` is
    the entry date: the journal's, moved forward where the account already had a later
    entry, so that an account's entries stand in the order in which they were made.
    `value_at` is the date from which the amount counts; empty where it is the entry date.
    """

    append_only = AppendOnly()

    id = models.BigAutoField(primary_key=True)
    posted_at = models.DateTimeField()
    value_at = models.DateTimeField(null=True)
    journal = models.ForeignKey(
        Journal, models.DO_NOTHING, related_name="entries", db_constraint=False
    )
    account = models.ForeignKey(
        Account, models.DO_NOTHING, related_name="entries", db_constraint=False, db_index=False
    )
    amount_minor = models.BigIntegerField()
    balance_after_minor = models.BigIntegerField(null=True)
    business_date = models.DateField()
    line_no = models.SmallIntegerField()
    unit = models.SmallIntegerField(default=0)
    side = models.CharField(max_length=6, choices=_choices(Side))
    currency = models.CharField(max_length=3)

    class Meta:
        db_table = "ledger_entry"
        ordering = ["account", "posted_at", "id"]
        verbose_name_plural = "entries"
        constraints = [
            models.CheckConstraint(
                name="ledger_entry_amount_above_zero", condition=Q(amount_minor__gt=0)
            ),
            models.CheckConstraint(name="ledger_entry_side", condition=Q(side__in=list(Side))),
        ]
        indexes = [
            models.Index(name="ledger_entry_statement", fields=["account", "posted_at", "id"]),
            # The few entries that count from another date than that of their entry.
            models.Index(
                name="ledger_entry_value_date",
                fields=["account", "value_at"],
                condition=Q(value_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.side} {format_amount(self.amount_minor, self.currency)} {self.currency}"


class PendingDelta(models.Model):
    """A change of a hot account's balance that its row does not carry until the next roll-up."""

    id = models.BigAutoField(primary_key=True)
    account_id = models.UUIDField(db_index=True)
    change_minor = models.BigIntegerField()
    posted_at = models.DateTimeField()

    class Meta:
        db_table = "ledger_pending_delta"
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.change_minor:+d}"


class Hold(models.Model):
    """Funds reserved, not yet posted; in force until captured, released or expired."""

    id = models.UUIDField(primary_key=True, editable=False)
    key = models.CharField(max_length=128)
    account = models.ForeignKey(Account, models.PROTECT, related_name="holds")
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    state = models.CharField(max_length=8, choices=_choices(HoldState), default=HoldState.HELD)
    reference = models.CharField(max_length=64, blank=True, default="")
    unit = models.SmallIntegerField(default=0)
    placed_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    journal_id = models.UUIDField(null=True)

    class Meta:
        db_table = "ledger_hold"
        ordering = ["-placed_at", "id"]
        constraints = [
            models.UniqueConstraint(name="ledger_hold_key", fields=["key"]),
            models.CheckConstraint(
                name="ledger_hold_amount_above_zero", condition=Q(amount_minor__gt=0)
            ),
            models.CheckConstraint(
                name="ledger_hold_state",
                condition=Q(state__in=[HoldState.HELD, HoldState.RELEASED, HoldState.EXPIRED])
                & Q(journal_id__isnull=True)
                | Q(state=HoldState.CAPTURED, journal_id__isnull=False),
            ),
        ]
        indexes = [
            models.Index(name="ledger_hold_due", fields=["expires_at"], condition=Q(state="HELD")),
        ]

    def __str__(self) -> str:
        return f"{self.state} {format_amount(self.amount_minor, self.currency)} {self.currency}"


class Checkpoint(models.Model):
    """A hot account's balance just before a moment, so that no history is summed twice."""

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey(Account, models.PROTECT, related_name="checkpoints")
    taken_for = models.DateTimeField()
    balance_minor = models.BigIntegerField()

    class Meta:
        db_table = "ledger_checkpoint"
        ordering = ["account", "taken_for"]
        constraints = [
            models.UniqueConstraint(name="ledger_checkpoint_once", fields=["account", "taken_for"]),
        ]

    def __str__(self) -> str:
        return f"{self.balance_minor} before {self.taken_for:%Y-%m-%d %H:%M}"


class Proof(models.Model):
    """The result of one run of verify_ledger over the whole books."""

    id = models.BigAutoField(primary_key=True)
    proved_at = models.DateTimeField(db_index=True)
    passed = models.BooleanField()
    checks = models.JSONField()

    class Meta:
        db_table = "ledger_proof"
        ordering = ["-proved_at", "-id"]

    def __str__(self) -> str:
        return f"{'passed' if self.passed else 'BROKEN'} at {self.proved_at:%Y-%m-%d %H:%M}"
