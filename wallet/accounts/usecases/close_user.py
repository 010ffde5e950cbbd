"""Close a wallet account for good, when nothing is left in it."""

import uuid
from collections.abc import Callable
from typing import Final

from config.kernel import clock, transactions
from config.kernel.audit import chain as audit
from config.kernel.errors import Conflict
from config.kernel.outbox import writes as outbox
from wallet.accounts import queries
from wallet.accounts.models import WalletUser
from wallet.accounts.usecases.check_pin import check_pin
from wallet.accounts.usecases.close_session import close_all_sessions
from wallet.accounts.usecases.revoke_device import revoke_device
from wallet.accounts.values import UserState
from wallet.ledger import queries as ledger
from wallet.ledger.rules import AccountFrozen
from wallet.ledger.usecases.change_state import locked_account
from wallet.ledger.usecases.close_account import close_account


class WalletNotEmpty(Conflict):
    """Something is left: money, a hold, a debt, or a movement that is still under way."""

    code = "wallet_not_empty"
    message = "Close the account when its balance is zero and nothing is held, owed or pending."


Hindrance = Callable[[uuid.UUID], bool]
_HINDRANCES: Final[dict[str, Hindrance]] = {}


def keeps_wallet_open(reason: str) -> Callable[[Hindrance], Hindrance]:
    """Register what else must be over before a customer's wallet may be closed.

    The wallet does not know who pays into it later on somebody's decision; whoever does says
    here whether such a decision is still open.
    """

    def register(check: Hindrance) -> Hindrance:
        _HINDRANCES[reason] = check
        return check

    return register


def close_user(*, user_id: uuid.UUID, pin: str) -> WalletUser:
    """Close the customer's account; closing a closed one changes nothing.

    Its sessions end, its devices are revoked, its phone number is free for another account.
    The person and what they have used of their limits stay: a new wallet is no fresh start.
    Call it outside a transaction: a wrong PIN is counted.

    Args:
        user_id: whose account.
        pin: the payment PIN.

    Raises:
        PinWrong, PinLocked: see `check_pin`.
        WalletNotEmpty: `reason` says what is left: `balance`, `held`, `owed`, `pending` or what
            `keeps_wallet_open` names.
        AccountFrozen: an operator has frozen it.
        UserUnknown: there is no such user.

    Locks: the user, the ledger account, then the audit chain.
    """
    if queries.user(user_id).state != UserState.CLOSED:
        check_pin(user_id=user_id, pin=pin)
    return _close(user_id)


@transactions.atomic_retry
def _close(user_id: uuid.UUID) -> WalletUser:
    user = queries.locked_user(user_id)
    if user.state == UserState.CLOSED:
        return user
    if user.state == UserState.FROZEN:
        raise AccountFrozen()
    _check_empty(user)
    user.state, user.closed_at = UserState.CLOSED, clock.now()
    user.save(update_fields=["state", "closed_at"])
    close_account(account_id=user.available_account_id)
    close_all_sessions(user_id=user_id, but=None)
    for device in queries.live_devices(user_id):
        revoke_device(user_id=user_id, device_id=device.id)
    audit.record(
        action="accounts.close",
        actor=f"user:{user.user_number}",
        target=f"user:{user.user_number}",
        purpose="asked for by its owner",
        before={"state": UserState.ACTIVE},
        after={"state": UserState.CLOSED},
    )
    outbox.add(topic="user.closed", aggregate_id=user.id, payload={"user_number": user.user_number})
    return user


def _check_empty(user: WalletUser) -> None:
    """Nothing in the wallet, nothing held, nothing owed or vouched for, nothing under way.

    Debts and vouchers stand in ledger accounts of the customer's own.
    """
    locked_account(user.available_account_id)
    balance = ledger.balance(user.available_account_id)
    if balance.held_minor:
        raise WalletNotEmpty(reason="held")
    if balance.posted_minor:
        raise WalletNotEmpty(reason="balance")
    others = (one.id for one in ledger.accounts_of(user.id) if one.id != user.available_account_id)
    if any(ledger.balance(account_id).posted_minor for account_id in others):
        raise WalletNotEmpty(reason="owed")
    if queries.has_pending_movements(user.id):
        raise WalletNotEmpty(reason="pending")
    for reason, hinders in _HINDRANCES.items():
        if hinders(user.id):
            raise WalletNotEmpty(reason=reason)
