"""Accounts and what they hold: now, at a date, in all."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from django.db.models import (
    BigIntegerField,
    Case,
    F,
    OuterRef,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from wallet.ledger import values
from wallet.ledger.models import Account, Checkpoint, Entry, PendingDelta
from wallet.ledger.rules import UnknownAccount
from wallet.ledger.values import Balance, DateAxis, Side

_BEGINNING = Value(datetime(1970, 1, 1, tzinfo=UTC))


def account_id(code: str) -> uuid.UUID:
    """The id of the account with this code; no look-up, so no promise that it is open."""
    return values.account_id(code)


def account(account_id: uuid.UUID) -> Account:
    """The account itself; read its balance with `balance`.

    Raises:
        UnknownAccount: there is none.
    """
    row = Account.objects.filter(id=account_id).first()
    if row is None:
        raise UnknownAccount(account_id=str(account_id))
    return row


def is_open(account_id: uuid.UUID) -> bool:
    """Whether there is an account of this id."""
    return Account.objects.filter(id=account_id).exists()


def accounts_of(owner_id: uuid.UUID) -> list[Account]:
    """The accounts of one owner, in order of code."""
    return list(Account.objects.filter(owner_id=owner_id).order_by("code"))


def balance(account_id: uuid.UUID) -> Balance:
    """What an account holds now, in minor units on its normal side.

    Raises:
        UnknownAccount: there is none.
    """
    row = balances([account_id]).get(account_id)
    if row is None:
        raise UnknownAccount(account_id=str(account_id))
    return row


def balances(account_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Balance]:
    """What some accounts hold now, as `balance`; those that were never opened are not there.

    One statement: between two, a roll-up could move amounts from where one has looked to
    where the other will.
    """
    pending_deltas = PendingDelta.objects.filter(account_id=OuterRef("id")).order_by()
    total = pending_deltas.values("account_id").annotate(total=Sum("change_minor")).values("total")
    rows = Account.objects.filter(id__in=account_ids).annotate(
        true_minor=F("posted_minor") + Coalesce(Subquery(total, output_field=BigIntegerField()), 0)
    )
    figures = rows.order_by().values_list("id", "true_minor", "held_minor", "currency")
    return {
        # PostgreSQL adds up to a numeric.
        number: Balance(int(posted_minor), held_minor, int(posted_minor) - held_minor, currency)
        for number, posted_minor, held_minor, currency in figures
    }


def balances_by_prefix(prefix: str, *, alias: str) -> dict[str, int]:
    """Posted balances, in minor units, of the accounts whose code begins so, in one database.

    Accounts of one code have one currency; pending deltas of hot ones are in it.
    """
    accounts = Account.objects.using(alias).filter(code__startswith=prefix)
    rows = list(accounts.values_list("id", "code", "posted_minor"))
    pending_deltas = PendingDelta.objects.using(alias).order_by()
    totals = pending_deltas.filter(account_id__in=[row_id for row_id, _, _ in rows]).values_list(
        "account_id"
    )
    pending_minor = dict(totals.annotate(total=Sum("change_minor")))
    return {code: posted + int(pending_minor.get(row_id, 0)) for row_id, code, posted in rows}


def balance_at(account_id: uuid.UUID, at: datetime, *, by: DateAxis = DateAxis.ENTRY) -> int:
    """An account's posted balance in minor units just after all its entries up to `at`.

    By entry date it is what the books said then, and never changes once `at` is over: an
    index look-up, since the last entry carries the balance after it (a hot account takes
    its last checkpoint and the entries since). By value date it is what counted then as is
    known now: the same, corrected by the few entries that count from another date.

    Raises:
        UnknownAccount: there is none.
    """
    row = account(account_id)
    balance_minor = balances_at([account_id], at)[account_id]
    if by is DateAxis.ENTRY:
        return balance_minor
    dated = Entry.objects.filter(account_id=account_id, value_at__isnull=False)
    normal_side = Side(row.normal_side)
    return (
        balance_minor
        + change_minor(dated.filter(value_at__lte=at, posted_at__gt=at), normal_side)
        - change_minor(dated.filter(value_at__gt=at, posted_at__lte=at), normal_side)
    )


def balances_at(account_ids: Iterable[uuid.UUID], at: datetime) -> dict[uuid.UUID, int]:
    """What `balance_at` says by entry date, of several accounts in one statement.

    Accounts that are not open are left out.
    """
    entries = Entry.objects.filter(account_id=OuterRef("id"), posted_at__lte=at)
    last = entries.order_by("-posted_at", "-id").values("balance_after_minor")[:1]
    checkpoints = Checkpoint.objects.filter(account_id=OuterRef("id"), taken_for__lte=at)
    start = checkpoints.order_by("-taken_for")[:1]
    signed = Case(
        When(side=OuterRef("normal_side"), then=F("amount_minor")), default=-F("amount_minor")
    )
    since = entries.filter(posted_at__gte=Coalesce(OuterRef("start_at"), _BEGINNING)).order_by()
    change = since.values("account_id").annotate(total=Sum(signed)).values("total")
    rows = Account.objects.filter(id__in=account_ids).annotate(
        start_at=Subquery(start.values("taken_for")),
        balance_minor=Case(
            When(hot=False, then=_or_nothing(last)),
            default=_or_nothing(start.values("balance_minor")) + _or_nothing(change),
        ),
    )
    # PostgreSQL adds up to a numeric.
    return {each_id: int(minor) for each_id, minor in rows.values_list("id", "balance_minor")}


def _or_nothing(rows: QuerySet[Any, Any]) -> Coalesce:
    return Coalesce(Subquery(rows, output_field=BigIntegerField()), 0)


def change_minor(entries: QuerySet[Entry], normal_side: Side) -> int:
    """What a set of one account's entries does to its balance, in minor units."""
    signed = Case(When(side=normal_side, then=F("amount_minor")), default=-F("amount_minor"))
    return int(entries.aggregate(total=Sum(signed))["total"] or 0)


def trial_balance() -> dict[str, int]:
    """Debits less credits of the whole books by currency; all zero, or the books are broken."""
    signed = Case(When(side=Side.DEBIT, then=F("amount_minor")), default=-F("amount_minor"))
    rows = Entry.objects.order_by("currency").values("currency").annotate(total=Sum(signed))
    return {row["currency"]: int(row["total"]) for row in rows}


def hot_accounts_with_pending_deltas() -> Sequence[uuid.UUID]:
    """Hot accounts that a roll-up would change."""
    rows = PendingDelta.objects.order_by("account_id").values_list("account_id", flat=True)
    return list(rows.distinct())
