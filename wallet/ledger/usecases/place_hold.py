"""Reserve funds."""

import uuid
from datetime import datetime

from config.kernel import clock, ids, transactions
from config.kernel.errors import invariant
from wallet.ledger.models import Account, Hold
from wallet.ledger.rules import (
    AccountClosed,
    AccountFrozen,
    HoldKeyConflict,
    InsufficientFunds,
    covers,
)
from wallet.ledger.usecases.change_state import locked_account
from wallet.ledger.usecases.roll_up_accounts import roll_up_locked
from wallet.ledger.values import AccountState


@transactions.atomic_retry
def place_hold(
    *,
    key: str,
    account_id: uuid.UUID,
    amount_minor: int,
    expires_at: datetime,
    reference: str = "",
) -> uuid.UUID:
    """Reserve part of an account's available balance; returns the hold's id.

    Placing it again with the same key returns the first one, whatever became of it.

    Args:
        key: the caller's own id for this intent.
        account_id: whose funds.
        amount_minor: in minor units of the account's currency, above zero.
        expires_at: when it lapses by itself; aware.
        reference: what it is for, for people.

    Raises:
        HoldKeyConflict: the key was used for another account or amount.
        UnknownAccount, AccountFrozen, AccountClosed: the account does not take holds.
        InsufficientFunds: the available balance falls short.

    Locks: the account.
    """
    invariant(amount_minor > 0, "a hold is above zero")
    row = locked_account(account_id)
    hold = Hold.objects.filter(key=key).first()
    if hold is not None:
        if (hold.account_id, hold.amount_minor) != (account_id, amount_minor):
            raise HoldKeyConflict(key=key)
        return hold.id
    _check_takes_holds(row, amount_minor)
    row.held_minor += amount_minor
    row.save(update_fields=["held_minor"])
    return Hold.objects.create(
        id=ids.uuid7(),
        key=key,
        account=row,
        amount_minor=amount_minor,
        currency=row.currency,
        reference=reference,
        unit=row.unit,
        placed_at=clock.now(),
        expires_at=expires_at,
    ).id


def _check_takes_holds(row: Account, amount_minor: int) -> None:
    if row.state == AccountState.FROZEN:
        raise AccountFrozen(account_id=str(row.id))
    if row.state == AccountState.CLOSED:
        raise AccountClosed(account_id=str(row.id))
    if row.hot:
        roll_up_locked(row)
    if not covers(
        posted_minor=row.posted_minor,
        held_minor=row.held_minor,
        floor_minor=row.floor_minor,
        amount_minor=amount_minor,
    ):
        raise InsufficientFunds(account_id=str(row.id))
