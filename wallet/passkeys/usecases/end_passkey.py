"""Revoke a passkey."""

import uuid

from config.kernel import clock, transactions
from config.kernel.audit import chain as audit
from wallet.passkeys import queries, rules
from wallet.passkeys.models import Passkey
from wallet.passkeys.values import PasskeyState


@transactions.atomic_retry
def revoke_passkey(*, user_id: uuid.UUID, passkey_id: uuid.UUID) -> Passkey:
    """End a passkey for good; again changes nothing. What it has signed stays confirmed.

    Raises:
        PasskeyUnknown: the person has no such passkey.

    Locks: the passkey.
    """
    queries.passkey_of(user_id, passkey_id)
    return _end(passkey_id, PasskeyState.REVOKED, f"user:{user_id}", "passkeys.revoke")


@transactions.atomic_retry
def suspend_passkey(*, passkey_id: uuid.UUID) -> Passkey:
    """Suspend a passkey whose counter went back; one that has ended already stays as it is.

    Locks: the passkey.
    """
    return _end(passkey_id, PasskeyState.SUSPENDED, "system", "passkeys.suspend")


def _end(passkey_id: uuid.UUID, to: PasskeyState, actor: str, action: str) -> Passkey:
    passkey = queries.locked_passkey(passkey_id)
    before = PasskeyState(passkey.state)
    if not rules.may_move(before, to):
        return passkey
    passkey.state, passkey.ended_at = to, clock.now()
    passkey.save(update_fields=["state", "ended_at"])
    audit.record(
        action=action,
        actor=actor,
        target=f"passkey:{passkey.id}",
        before={"state": before.value},
        after={"state": to.value},
    )
    return passkey
