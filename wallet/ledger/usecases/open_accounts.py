"""Open many ledger accounts at once."""

import uuid
from collections.abc import Sequence

from config.kernel import clock, transactions
from wallet.ledger.models import Account
from wallet.ledger.values import Opening, account_id


@transactions.atomic_retry
def open_accounts(openings: Sequence[Opening]) -> list[uuid.UUID]:
    """Open the accounts that are not open yet; returns all their ids, in the same order.

    For imports and seeds. Unlike `open_account` it does not ask whether an account that
    has the code already is of the same nature.
    """
    now = clock.now()
    rows = [
        Account(id=account_id(opening.code), opened_at=now, **opening._asdict())
        for opening in openings
    ]
    Account.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
    return [row.id for row in rows]
