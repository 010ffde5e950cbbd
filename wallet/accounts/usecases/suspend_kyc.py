"""Suspend a user's verification, and restore it."""

import uuid

from config.kernel import transactions
from config.kernel.approvals import targets
from config.kernel.audit import chain as audit
from wallet.accounts import queries
from wallet.accounts.models import WalletUser
from wallet.accounts.usecases.freeze_user import user_target


@transactions.atomic_retry
def suspend_kyc(*, user_id: uuid.UUID, actor: str, reason: str) -> WalletUser:
    """Put the user back to tier 0 until restored; suspending again changes nothing.

    Args:
        user_id: whose verification.
        actor: who does it, as `operator:name`.
        reason: why; kept in the audit.

    Raises:
        UserUnknown: there is no such user.

    Locks: the account's version, the user, then the audit chain.
    """
    targets.moved(user_target(user_id), actor=actor)
    user = queries.locked_user(user_id)
    if user.kyc_suspended_tier is not None:
        return user
    tier = user.kyc_tier
    user.kyc_suspended_tier, user.kyc_tier = tier, 0
    _save(user, "accounts.suspend_kyc", actor, reason, before=tier)
    return user


@transactions.atomic_retry
def restore_kyc(*, user_id: uuid.UUID, actor: str, reason: str) -> WalletUser:
    """Give a suspended user their tier back; a user who is not suspended stays as they are.

    Raises:
        UserUnknown: there is no such user.

    Locks: the account's version, the user, then the audit chain.
    """
    targets.moved(user_target(user_id), actor=actor)
    user = queries.locked_user(user_id)
    if user.kyc_suspended_tier is None:
        return user
    user.kyc_tier, user.kyc_suspended_tier = user.kyc_suspended_tier, None
    _save(user, "accounts.restore_kyc", actor, reason, before=0)
    return user


def _save(user: WalletUser, action: str, actor: str, reason: str, *, before: int) -> None:
    user.save(update_fields=["kyc_tier", "kyc_suspended_tier"])
    audit.record(
        action=action,
        actor=actor,
        target=f"user:{user.user_number}",
        purpose=reason,
        before={"kyc_tier": before},
        after={"kyc_tier": user.kyc_tier},
    )
