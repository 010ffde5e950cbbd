"""Freeze a ledger account."""

import uuid

from wallet.ledger.usecases.change_state import change_state
from wallet.ledger.values import AccountState


def freeze_account(*, account_id: uuid.UUID) -> None:
    """Let money into an account and none out: no debit of it, no new hold. Safe to repeat.

    Raises:
        UnknownAccount: there is no such account.
        AccountClosed: it is closed for good.

    Locks: the account.
    """
    change_state(account_id=account_id, state=AccountState.FROZEN)
