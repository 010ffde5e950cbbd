"""Journals and holds, found by id, key or reference."""

import uuid

from wallet.ledger.models import Hold, Journal
from wallet.ledger.queries.statements import MAX_PAGE
from wallet.ledger.rules import UnknownHold, UnknownJournal


def journal(journal_id: uuid.UUID) -> Journal:
    """A journal; its entries are `journal.entries`.

    Raises:
        UnknownJournal: there is none.
    """
    found = Journal.objects.filter(id=journal_id).first()
    if found is None:
        raise UnknownJournal(journal_id=str(journal_id))
    return found


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


def hold(hold_id: uuid.UUID) -> Hold:
    """A hold.

    Raises:
        UnknownHold: there is none.
    """
    found = Hold.objects.filter(id=hold_id).first()
    if found is None:
        raise UnknownHold(hold_id=str(hold_id))
    return found
