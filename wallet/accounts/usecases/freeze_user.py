"""Freeze a wallet account."""

import uuid

from config.kernel import transactions
from config.kernel.approvals import targets
from config.kernel.audit import chain as audit
from config.kernel.errors import Conflict
from config.kernel.outbox import writes as outbox
from wallet.accounts import queries
from wallet.accounts.models import WalletUser
from wallet.accounts.values import UserState
from wallet.ledger.usecases.freeze_account import freeze_account


class UserClosed(Conflict):
    """The wallet account is closed for good."""

    code = "user_closed"
    message = "This wallet account is closed."


def user_target(user_id: uuid.UUID) -> str:
    """A wallet account as the approvals' requests name it."""
    return f"user:{user_id}"


@transactions.atomic_retry
def freeze_user(*, user_id: uuid.UUID, actor: str, reason: str) -> WalletUser:
    """Stop money from leaving a wallet account; money may still come in.

    One operator is enough: a freeze protects, and waiting for a second one costs money.
    Freezing a frozen account changes nothing, but every freeze ends the requests to lift
    one: whoever asked did not know of it.

    Args:
        user_id: whose account.
        actor: who does it, as `operator:name` or `system`.
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
    if user.state == UserState.FROZEN:
        return user
    user.state = UserState.FROZEN
    user.save(update_fields=["state"])
    freeze_account(account_id=user.available_account_id)
    audit.record(
        action="accounts.freeze",
        actor=actor,
        target=f"user:{user.user_number}",
        purpose=reason,
        before={"state": UserState.ACTIVE},
        after={"state": UserState.FROZEN},
    )
    outbox.add(topic="user.frozen", aggregate_id=user.id, payload={"user_number": user.user_number})
    return user
