"""Register the passkey that a device made."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.conf import settings

from config.kernel import clock, transactions
from config.kernel.audit import chain as audit
from wallet.accounts import queries as accounts
from wallet.accounts.usecases.check_pin import check_pin
from wallet.passkeys import ceremonies, queries, rules
from wallet.passkeys.models import Passkey
from wallet.passkeys.values import PasskeyState


def register_passkey(
    *, user_id: uuid.UUID, pin: str, response: Mapping[str, Any], label: str = ""
) -> tuple[Passkey, bool]:
    """Make the offered passkey active, with the payment PIN; says whether it was before.

    Registering again what has been registered gives it again, whatever the PIN. Call it
    outside a transaction: PIN strikes must survive a refusal.

    Args:
        user_id: whose passkey.
        pin: the payment PIN: from here on the passkey counts like it.
        response: `navigator.credentials.create()` as WebAuthn's JSON.
        label: what the person calls it, up to 64 characters.

    Raises:
        PinWrong, PinLocked: the PIN is not the person's.
        PasskeyNotOffered: no options were asked for, or they are too old.
        PasskeyInvalid: it was not made for these options.
        PasskeyTaken: the credential is registered, here or for somebody else.

    Locks: the user, then the offer.
    """
    earlier = queries.passkey_named(user_id, str(response.get("id", "")))
    if earlier is not None and earlier.state == PasskeyState.ACTIVE:
        return earlier, True
    check_pin(user_id=user_id, pin=pin)
    return _register(user_id, response, label)


@transactions.atomic_retry
def _register(user_id: uuid.UUID, response: Mapping[str, Any], label: str) -> tuple[Passkey, bool]:
    accounts.locked_user(user_id)
    at = clock.now()
    passkey = queries.pending_of(user_id)
    if passkey is None or passkey.expires_at <= at:
        earlier = queries.passkey_named(user_id, str(response.get("id", "")))
        if earlier is not None and earlier.state == PasskeyState.ACTIVE:
            return earlier, True
        raise rules.PasskeyNotOffered()
    party = rules.relying_party(settings.PUBLIC_URL)
    new = ceremonies.new_passkey(party, response, challenge=passkey.challenge)
    if Passkey.objects.filter(credential=new.credential).exists():
        raise rules.PasskeyTaken(field="credential")
    passkey.credential, passkey.public_key = new.credential, new.public_key
    passkey.sign_count, passkey.label = new.sign_count, label
    passkey.state, passkey.activated_at = PasskeyState.ACTIVE, at
    passkey.save()
    audit.record(
        action="passkeys.register",
        actor=f"user:{user_id}",
        target=f"passkey:{passkey.id}",
        after={"state": PasskeyState.ACTIVE.value},
    )
    return passkey, False
