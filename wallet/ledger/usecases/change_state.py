"""Move a ledger account between its states."""

import uuid

from config.kernel import transactions
from wallet.ledger.models import Account
from wallet.ledger.rules import AccountClosed, UnknownAccount
from wallet.ledger.values import AccountState


@transactions.atomic_retry
def change_state(*, account_id: uuid.UUID, state: AccountState) -> None:
    """Set an account's state; the freeze, unfreeze and close use cases are its callers.

    Raises:
        UnknownAccount: there is no such account.
        AccountClosed: it is closed for good.

    Locks: the account.
    """
    row = locked_account(account_id)
    if row.state == AccountState.CLOSED:
        raise AccountClosed(account_id=str(account_id))
    row.state = state
    row.save(update_fields=["state"])


def locked_account(account_id: uuid.UUID) -> Account:
    """The account, locked for this transaction.

    Raises:
        UnknownAccount: there is no such account.
    """
    row = Account.objects.select_for_update(no_key=True).filter(id=account_id).first()
    if row is None:
        raise UnknownAccount(account_id=str(account_id))
    return row
