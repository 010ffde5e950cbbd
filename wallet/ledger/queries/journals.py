"""Journals and holds, found by id, key or reference."""

import uuid
from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from wallet.ledger.models import Entry, Hold, Journal
from wallet.ledger.queries.statements import MAX_PAGE
from wallet.ledger.rules import UnknownHold, UnknownJournal
from wallet.ledger.values import Side


def journal(journal_id: uuid.UUID) -> Journal:
    """A journal; its entries are `journal.entries`.

    Raises:
        UnknownJournal: there is none.
    """
    row = Journal.objects.filter(id=journal_id).first()
    if row is None:
        raise UnknownJournal(journal_id=str(journal_id))
    return row


def journal_by_key(key: str) -> Journal | None:
    """The journal posted for an intent, if it is in the books."""
    return Journal.objects.filter(key=key).first()


def journals_for(reference: str) -> list[Journal]:
    """The journals with a reference, oldest first, entries and accounts fetched along."""
    if not reference:
        return []
    rows = Journal.objects.filter(reference=reference).order_by("posted_at", "id")
    return list(rows.prefetch_related("entries__account"))


def latest_journals(limit: int = 20) -> list[Journal]:
    """The newest journals, newest first, entries and accounts fetched along."""
    rows = Journal.objects.order_by("-id").prefetch_related("entries__account")
    return list(rows[: min(limit, MAX_PAGE)])


class PostedEntry(NamedTuple):
    """One entry of the general ledger; `amount_minor` is above zero for a debit."""

    journal_id: uuid.UUID
    kind: str
    reference: str
    account: str
    posted_at: datetime
    amount_minor: int
    currency: str


def posted_between(begins: datetime, ends: datetime) -> Iterator[PostedEntry]:
    """All entries with begins <= posted_at < ends, journal by journal, in the order of posting."""
    entries = Entry.objects.filter(posted_at__gte=begins, posted_at__lt=ends)
    names = ("journal_id", "journal__kind", "journal__reference", "account__code", "posted_at")
    ordered = entries.order_by("posted_at", "journal_id", "id")
    rows = ordered.values_list(*names, "side", "amount_minor", "currency")
    for journal_id, kind, reference, account, at, side, amount_minor, currency in rows.iterator(
        chunk_size=2000
    ):
        signed_minor = amount_minor if side == Side.DEBIT else -amount_minor
        yield PostedEntry(journal_id, kind, reference, account, at, signed_minor, currency)


def hold(hold_id: uuid.UUID) -> Hold:
    """A hold.

    Raises:
        UnknownHold: there is none.
    """
    row = Hold.objects.filter(id=hold_id).first()
    if row is None:
        raise UnknownHold(hold_id=str(hold_id))
    return row
