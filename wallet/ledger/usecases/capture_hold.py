"""Capture a hold: post the reserved amount."""

import uuid

from django.db import transaction
from django.db.models import Q

from config.kernel import transactions
from wallet.ledger import queries
from wallet.ledger.models import Account
from wallet.ledger.rules import HoldSettled
from wallet.ledger.usecases.post_journals import post_journal
from wallet.ledger.usecases.release_hold import end_hold, give_back, locked_hold
from wallet.ledger.values import Draft, HoldState


@transactions.atomic_retry
def capture_hold(*, hold_id: uuid.UUID, draft: Draft) -> uuid.UUID:
    """End a hold and post a journal out of its account, both or neither.

    What the journal does not take returns to the available balance. Capturing again with
    the same draft returns the first journal.

    Args:
        hold_id: the hold to use up.
        draft: the journal; debits of the held account up to any amount that is available
            once the hold has ended.

    Raises:
        UnknownHold: there is no such hold.
        HoldSettled: it was released, has expired or was captured by another journal.
        InsufficientFunds, AccountFrozen, ...: as `post_journal`; the hold stays in force.

    Locks: the accounts in id order, then the hold.
    """
    _lock_accounts(queries.hold(hold_id).account_id, draft)
    hold = locked_hold(hold_id)
    if hold.state == HoldState.CAPTURED:
        first = queries.journal_by_key(draft.key)
        if first is not None and first.id == hold.journal_id:
            return first.id
    if hold.state != HoldState.HELD:
        raise HoldSettled(hold_id=str(hold_id), state=hold.state)
    with transaction.atomic():  # a savepoint: a refused journal leaves the hold in force
        give_back(hold)
        journal_id = post_journal(draft)
        end_hold(hold, HoldState.CAPTURED, journal_id)
    return journal_id


def _lock_accounts(held_account_id: uuid.UUID, draft: Draft) -> None:
    """Lock in id order what posting will lock, so that two captures cannot deadlock."""
    others = [line.account_id for line in draft.lines]
    rows = Account.objects.filter(Q(id=held_account_id) | Q(id__in=others, hot=False))
    list(rows.select_for_update(no_key=True).order_by("id").values_list("id"))
