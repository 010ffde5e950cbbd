"""Roll up hot accounts: add their pending deltas to the balances."""

import uuid

from django.db import connection

from config.kernel import prepared_statements, transactions
from wallet.ledger import queries
from wallet.ledger.models import Account, PendingDelta

_AT_ONCE = 5_000


def roll_up_accounts() -> int:
    """Roll up every hot account that has pending deltas, each in its own transaction.

    An account that another worker has locked is passed over until the next time.

    Returns:
        How many accounts were rolled up.
    """
    return sum(
        _roll_up_unlocked(account_id) for account_id in queries.hot_accounts_with_pending_deltas()
    )


@transactions.atomic_retry
def roll_up_account(account_id: uuid.UUID) -> int:
    """Roll up one hot account and return its posted balance in minor units.

    Raises:
        Account.DoesNotExist: there is no such account.

    Locks: the account.
    """
    row = Account.objects.select_for_update(no_key=True).get(id=account_id)
    roll_up_locked(row)
    return row.posted_minor


def roll_up_locked(row: Account) -> None:
    """Roll up an account that this transaction has locked; `row.posted_minor` is true after it."""
    transactions.require()
    if connection.vendor == "postgresql":
        [[row.posted_minor]] = prepared_statements.fetch_rows("SELECT ledger_roll_up(%s)", [row.id])
        return
    while deltas := _pending_deltas(row.id):
        row.posted_minor += sum(change_minor for _, change_minor in deltas)
        PendingDelta.objects.filter(id__in=[row_id for row_id, _ in deltas]).delete()
        Account.objects.filter(id=row.id).update(posted_minor=row.posted_minor)


def _pending_deltas(account_id: uuid.UUID) -> list[tuple[int, int]]:
    rows = PendingDelta.objects.filter(account_id=account_id).order_by("id")
    return list(rows.values_list("id", "change_minor")[:_AT_ONCE])


@transactions.atomic_retry
def _roll_up_unlocked(account_id: uuid.UUID) -> bool:
    rows = Account.objects.filter(id=account_id)
    row = rows.select_for_update(no_key=True, skip_locked=True).first()
    if row is None:
        return False
    roll_up_locked(row)
    return True
