"""Let a frozen wallet account work again."""

import uuid

from config.kernel import transactions
from config.kernel.approvals import targets
from config.kernel.audit import chain as audit
from config.kernel.outbox import writes as outbox
from wallet.accounts import queries
from wallet.accounts.models import WalletUser
from wallet.accounts.usecases.freeze_user import UserClosed, user_target
from wallet.accounts.values import UserState
from wallet.ledger.usecases.unfreeze_account import unfreeze_account


@transactions.atomic_retry
def unfreeze_user(*, user_id: uuid.UUID, actor: str, reason: str) -> WalletUser:
    """Lift a freeze. Operators reach this through an approval by a second one.

    Unfreezing an account that is not frozen changes nothing.

    Args:
        user_id: whose account.
        actor: who does it, as `operator:name`; maker and checker where there are two.
        reason: why; kept in the audit.

    Raises:
        UserClosed: the account is closed.
        UserUnknown: there is no such user.

    Locks: the account's version, the user, the ledger account, then the audit chain.
    """
    targets.moved(user_target(user_id), actor=actor)
    user = queries.locked_user(user_id)
    if user.state == UserState.CLOSED:
        raise UserClosed()
    if user.state == UserState.ACTIVE:
        return user
    user.state = UserState.ACTIVE
    user.save(update_fields=["state"])
    unfreeze_account(account_id=user.available_account_id)
    audit.record(
        action="accounts.unfreeze",
        actor=actor,
        target=f"user:{user.user_number}",
        purpose=reason,
        before={"state": UserState.FROZEN},
        after={"state": UserState.ACTIVE},
    )
    outbox.add(
        topic="user.unfrozen", aggregate_id=user.id, payload={"user_number": user.user_number}
    )
    return user
