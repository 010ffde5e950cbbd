"""Confirm with a passkey what it signed."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from config.kernel import clock
from wallet.authorisations.usecases.confirm_hold import confirm_hold
from wallet.authorisations.values import HoldResult
from wallet.passkeys import ceremonies, queries, rules
from wallet.passkeys.models import PasskeyChallenge
from wallet.passkeys.usecases.end_passkey import suspend_passkey
from wallet.payments.usecases.confirm_payment import confirm_payment
from wallet.payments.values import Confirmation, ConfirmationKind, PayResult


class _CounterWentBack(Exception):
    """Carries a copied passkey out of the transaction it undoes, so that it can be suspended."""

    def __init__(self, passkey_id: uuid.UUID) -> None:
        self.passkey_id = passkey_id


@dataclass(frozen=True, slots=True)
class _Signature:
    """An assertion that stands for the PIN once; called under the lock of what is confirmed."""

    challenge_id: uuid.UUID
    user_id: uuid.UUID
    response: Mapping[str, Any]

    def __call__(self, confirmation: Confirmation) -> None:
        """Judge and use it up.

        Locks: the challenge, then the passkey.
        """
        at = clock.now()
        challenge = queries.locked_challenge(self.challenge_id, at=at)
        passkey = queries.locked_by_credential(self.user_id, str(self.response.get("id", "")))
        digest = rules.digest(rules.canonical(confirmation, challenge.nonce))
        ceremonies.check_signed(self.response, digest)
        count = ceremonies.sign_count(
            rules.relying_party(settings.PUBLIC_URL),
            self.response,
            challenge=digest,
            public_key=bytes(passkey.public_key),
        )
        if rules.has_gone_back(count, last_count=passkey.sign_count):
            raise _CounterWentBack(passkey.id)
        passkey.sign_count, passkey.used_at = count, at
        passkey.save(update_fields=["sign_count", "used_at"])
        challenge.used_at, challenge.passkey = at, passkey
        challenge.save(update_fields=["used_at", "passkey"])


def assert_challenge(
    *, user_id: uuid.UUID, challenge_id: uuid.UUID, response: Mapping[str, Any]
) -> PasskeyChallenge:
    """Confirm the payment or freeze of a challenge, the passkey's signature in the PIN's place.

    Everything else is judged as with the PIN: limits, risk, money. A refusal uses nothing up.
    Call it outside a transaction: a suspension must survive the refusal.

    Args:
        user_id: who signs.
        challenge_id: what was offered to be signed.
        response: `navigator.credentials.get()` as WebAuthn's JSON.

    Raises:
        ChallengeUnknown: the person has no such challenge.
        AssertionReplayed: it has been used. AlreadyConfirmed: it was confirmed otherwise.
        ChallengeExpired: it is too old.
        PasskeyNotYours, PasskeyEnded: this passkey may not sign for them.
        TransactionChanged: something else was signed than would be confirmed now.
        AssertionInvalid: the signature does not hold.
        PasskeySuspended: its counter went back, and it is suspended.
        whatever `confirm_payment` and `confirm_hold` raise.

    Locks: as these, and after the payment or authorisation the challenge and the passkey.
    """
    challenge = queries.challenge_of(user_id, challenge_id)
    if challenge.used_at is not None:
        raise rules.AssertionReplayed()
    if challenge.expires_at <= clock.now():
        raise rules.ChallengeExpired()
    try:
        is_first = _confirm(challenge, _Signature(challenge_id, user_id, response))
    except _CounterWentBack as back:
        suspend_passkey(passkey_id=back.passkey_id)
        raise rules.PasskeySuspended(field="credential") from back
    challenge = queries.challenge_of(user_id, challenge_id)
    if not is_first:
        raise rules.AlreadyConfirmed() if challenge.used_at is None else rules.AssertionReplayed()
    return challenge


def _confirm(challenge: PasskeyChallenge, signature: _Signature) -> bool:
    """Confirm it; False where it was confirmed before and the signature was not looked at."""
    subject_id, payer_id = challenge.subject_id, challenge.user_id
    if challenge.kind == ConfirmationKind.PAYMENT:
        payment = confirm_payment(payment_id=subject_id, payer_id=payer_id, proof=signature)
        return payment.outcome is PayResult.PAID
    hold = confirm_hold(authorisation_id=subject_id, payer_id=payer_id, proof=signature)
    return hold.outcome is HoldResult.FROZEN
