"""Statements: an account's entries as its owner reads them."""

import uuid
from collections.abc import Iterator
from datetime import date, datetime
from typing import NamedTuple

from django.db.models import Q

from config.kernel.cursors import read_cursor, write_cursor
from wallet.ledger.models import Entry
from wallet.ledger.queries.balances import account
from wallet.ledger.values import Side

MAX_PAGE = 200


class StatementLine(NamedTuple):
    """One entry as its account's owner reads it; `change_minor` is negative for money out.

    `posted_at` is when it was entered, `value_at` from when it counts.
    `balance_after_minor` is None on a hot account.
    """

    entry_id: int
    journal_id: uuid.UUID
    kind: str
    reference: str
    narrative: str
    posted_at: datetime
    value_at: datetime
    business_date: date
    change_minor: int
    currency: str
    balance_after_minor: int | None


class Page(NamedTuple):
    """A page of a statement, newest entry first; `after` asks for the next one."""

    lines: list[StatementLine]
    after: str | None


def statement(account_id: uuid.UUID, after: str | None = None, limit: int = 20) -> Page:
    """A page of an account's entries, newest first.

    Args:
        account_id: the account.
        after: the cursor of the page before, or None for the newest entries.
        limit: at most so many entries, 1 to MAX_PAGE.

    Raises:
        UnknownAccount: there is no such account.
        BadCursor: the cursor is not one of ours.
    """
    row = account(account_id)
    limit = min(max(limit, 1), MAX_PAGE)
    # An entry is in its account's unit: where the table is partitioned, one partition is read.
    entries = Entry.objects.filter(account_id=account_id, unit=row.unit)
    if after:
        posted_at, entry_id = _read_cursor(account_id, after)
        entries = entries.filter(
            Q(posted_at__lt=posted_at) | Q(posted_at=posted_at, id__lt=entry_id)
        )
    rows = list(entries.select_related("journal").order_by("-posted_at", "-id")[: limit + 1])
    lines = [_line(entry, Side(row.normal_side)) for entry in rows[:limit]]
    return Page(lines, _cursor(rows[limit - 1]) if len(rows) > limit else None)


def _line(entry: Entry, normal_side: Side) -> StatementLine:
    journal = entry.journal
    return StatementLine(
        entry_id=entry.id,
        journal_id=entry.journal_id,
        kind=journal.kind,
        reference=journal.reference,
        narrative=journal.narrative,
        posted_at=entry.posted_at,
        value_at=entry.value_at or entry.posted_at,
        business_date=entry.business_date,
        change_minor=entry.amount_minor if entry.side == normal_side else -entry.amount_minor,
        currency=entry.currency,
        balance_after_minor=entry.balance_after_minor,
    )


def _cursor(entry: Entry) -> str:
    return write_cursor(_listing(entry.account_id), entry.posted_at.isoformat(), str(entry.id))


def _read_cursor(account_id: uuid.UUID, cursor: str) -> tuple[datetime, int]:
    moment, entry_id = read_cursor(_listing(account_id), cursor, parts=2, field="after")
    return datetime.fromisoformat(moment), int(entry_id)


def _listing(account_id: uuid.UUID) -> str:
    return f"statement:{account_id}"


def entries_between(
    account_id: uuid.UUID, after: datetime, until: datetime
) -> Iterator[StatementLine]:
    """An account's entries with after < posted_at <= until, oldest first.

    Raises:
        UnknownAccount: there is no such account.
    """
    row = account(account_id)
    normal_side = Side(row.normal_side)
    rows = Entry.objects.filter(
        account_id=account_id, unit=row.unit, posted_at__gt=after, posted_at__lte=until
    ).select_related("journal")
    for entry in rows.order_by("posted_at", "id").iterator(chunk_size=1000):
        yield _line(entry, normal_side)
