"""Reverse a journal: the same lines on the other sides."""

import uuid
from datetime import date, datetime

from config.kernel import transactions
from wallet.ledger import queries
from wallet.ledger.rules import reversed_lines
from wallet.ledger.usecases.post_journals import post_journal
from wallet.ledger.values import Draft, Line, Side


@transactions.atomic_retry
def reverse_journal(
    *,
    journal_id: uuid.UUID,
    posted_at: datetime,
    business_date: date,
    narrative: str = "",
    value_at: datetime | None = None,
) -> uuid.UUID:
    """Undo a posting of our own by a second journal; returns its id, the first one's if done.

    A refund is no reversal: there the payee gives money back.

    Args:
        journal_id: what to undo.
        posted_at: when it is undone; aware.
        business_date: the day the reversal counts for.
        narrative: why.
        value_at: from when it counts, where not from `posted_at`; aware.

    Raises:
        UnknownJournal: there is no such journal.
        InsufficientFunds, AccountFrozen, AccountClosed: the money is not there to go back.
        AlreadyReversed: another journal reversed it.
        ValueDateRefused: `value_at` lies further back than a reversal may be dated.

    Locks: the accounts, in id order.
    """
    journal = queries.journal(journal_id)
    lines = tuple(
        Line(entry.account_id, Side(entry.side), entry.amount_minor, entry.currency)
        for entry in journal.entries.order_by("line_no")
    )
    return post_journal(
        Draft(
            key=f"reversal:{journal_id}",
            kind="reversal",
            lines=reversed_lines(lines),
            posted_at=posted_at,
            business_date=business_date,
            reference=journal.reference,
            narrative=narrative,
            reverses=journal_id,
            value_at=value_at,
        )
    )
