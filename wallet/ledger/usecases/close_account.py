"""Close a ledger account."""

import uuid

from config.kernel import transactions
from wallet.ledger.rules import AccountNotEmpty
from wallet.ledger.usecases.change_state import change_state, locked_account
from wallet.ledger.usecases.roll_up_accounts import roll_up_locked
from wallet.ledger.values import AccountState


@transactions.atomic_retry
def close_account(*, account_id: uuid.UUID) -> None:
    """Take no more journals for an account, for good. Safe to repeat.

    Raises:
        UnknownAccount: there is no such account.
        AccountNotEmpty: it still holds money, posted or held.

    Locks: the account.
    """
    row = locked_account(account_id)
    if row.hot:
        roll_up_locked(row)
    if row.posted_minor or row.held_minor:
        raise AccountNotEmpty(account_id=str(account_id))
    if row.state != AccountState.CLOSED:
        change_state(account_id=account_id, state=AccountState.CLOSED)
