"""Open many ledger accounts at once."""

import uuid
from collections.abc import Sequence

from django.db import connection

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
    ids = [row.id for row in rows]
    present = set(Account.objects.filter(id__in=ids).values_list("id", flat=True))
    missing = {row.id: row for row in rows if row.id not in present}
    # What another opens at this moment is let be (PostgreSQL; SQLite has one writer).
    Account.objects.bulk_create(
        missing.values(), ignore_conflicts=connection.vendor == "postgresql", batch_size=500
    )
    return ids
