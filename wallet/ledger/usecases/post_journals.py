"""Post journals: decide drafts in order and write those that stand."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from django.db import connection

from config.kernel import clock
from wallet.ledger.rules import check_draft, entered_by, error_for
from wallet.ledger.usecases.post_by_function import post_by_function
from wallet.ledger.usecases.post_by_rows import post_by_rows
from wallet.ledger.values import Draft, Outcome, Result, credit, debit


def post_journals(drafts: Sequence[Draft]) -> list[Result]:
    """Post 1..n drafts, each decided in order and each wholly or not at all.

    One draft's refusal does not touch the others. Posting a draft again gives REPLAYED
    and the first journal's id, whatever the balance is by then. On PostgreSQL this is
    one round trip; inside a caller's transaction it is part of it. A draft dated ahead is
    entered now and counts from its date.

    Args:
        drafts: what to post; amounts in minor units. Keys are the callers' own.

    Returns:
        One Result for each draft, in the same order.

    Raises:
        InvariantBroken: a draft does not balance or is malformed.
        ValueDateRefused: a draft is dated further back than its kind may be; none is posted.

    Locks: the account rows, in id order; a hot account's only where it falls to a floor.
    """
    if not drafts:
        return []
    now = clock.now()
    drafts = [entered_by(draft, now) for draft in drafts]
    for draft in drafts:
        check_draft(draft)
    if connection.vendor == "postgresql":
        return post_by_function(drafts)
    return post_by_rows(drafts)


def post_journal(draft: Draft) -> uuid.UUID:
    """Post one draft and return its journal's id, the first one's when it is a repetition.

    Raises:
        InsufficientFunds: an account's available balance does not cover it.
        AccountFrozen: money would leave a frozen account.
        AccountClosed, UnknownAccount, CurrencyMismatch: an account does not take it.
        JournalKeyConflict: the key was used for another journal.
        AlreadyReversed: what it reverses has been reversed.
        ValueDateRefused: it is dated further back than its kind may be.
    """
    [result] = post_journals([draft])
    if result.outcome not in (Outcome.POSTED, Outcome.REPLAYED) or result.journal_id is None:
        raise error_for(result, draft)
    return result.journal_id


def move_money(
    *,
    key: str,
    kind: str,
    debited: uuid.UUID,
    credited: uuid.UUID,
    amount_minor: int,
    currency: str,
    at: datetime,
    reference: str,
    narrative: str = "",
) -> uuid.UUID:
    """Post a journal of two entries on the house's day; gives its id.

    For what no payee's cut-off dates: between a person's own accounts, and of the house.

    Raises:
        as `post_journal`.
    """
    lines = (debit(debited, amount_minor, currency), credit(credited, amount_minor, currency))
    return post_journal(
        Draft(key, kind, lines, at, clock.house_day(at), reference=reference, narrative=narrative)
    )
