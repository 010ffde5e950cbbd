"""Unlock a payment PIN after too many wrong tries."""

import uuid

from config.kernel import transactions
from config.kernel.audit import chain as audit
from wallet.accounts import queries
from wallet.accounts.models import WalletUser


@transactions.atomic_retry
def unlock_pin(*, user_id: uuid.UUID, actor: str, reason: str) -> WalletUser:
    """Let a customer try their PIN again at once; the PIN itself stays as it is.

    Unlocking one that is not locked changes nothing.

    Raises:
        UserUnknown: there is no such user.

    Locks: the user, then the audit chain.
    """
    user = queries.locked_user(user_id)
    if user.pin_locked_until is None:
        return user
    before = {"locked_until": user.pin_locked_until.isoformat(), "wrong_tries": user.pin_strikes}
    user.pin_strikes, user.pin_locked_until = 0, None
    user.save(update_fields=["pin_strikes", "pin_locked_until"])
    audit.record(
        action="accounts.unlock_pin",
        actor=actor,
        target=f"user:{user.user_number}",
        purpose=reason,
        before=before,
        after={"locked_until": None},
    )
    return user
