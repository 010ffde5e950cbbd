"""Rules of passkeys: what is signed, and when a counter has gone back. Pure."""

import hashlib
import json
from datetime import timedelta
from typing import Final
from urllib.parse import urlsplit

from config.kernel.errors import Conflict, Gone, InvalidRequest, NotFound, NotPermitted, Refused
from wallet.money import format_amount
from wallet.passkeys.values import PASSKEY_MOVES, PasskeyState, RelyingParty
from wallet.payments.values import Confirmation

# How long an offer to register, or to sign, stands; and how long an unused one is kept.
OFFER_LIFE: Final = timedelta(minutes=5)
UNUSED_KEPT: Final = timedelta(days=1)
PASSKEYS_MAXIMUM: Final = 10


class PasskeyUnknown(NotFound):
    """The caller has no such passkey."""

    code = "passkey_unknown"
    message = "There is no such passkey."


class PasskeyNotOffered(Gone):
    """There is no open offer to register a passkey, or its five minutes are over."""

    code = "passkey_not_offered"
    message = "Ask for new options first."


class PasskeyInvalid(InvalidRequest):
    """What the device gave does not prove a new passkey for us."""

    code = "passkey_invalid"
    message = "This is not a passkey made for these options."


class PasskeyTaken(Conflict):
    """The credential is registered already."""

    code = "passkey_taken"
    message = "This passkey is registered already."


class TooManyPasskeys(Refused):
    """The person has as many passkeys as allowed."""

    code = "too_many_passkeys"
    message = "Revoke a passkey first."


class NoPasskey(Refused):
    """The person has no active passkey that could sign."""

    code = "no_passkey"
    message = "Register a passkey first, or use the PIN."


class PasskeyNotYours(NotPermitted):
    """The passkey is another person's, or none of ours."""

    code = "passkey_not_yours"
    message = "This passkey cannot sign for you."


class PasskeyEnded(NotPermitted):
    """The passkey is suspended or revoked; `state` says which."""

    code = "passkey_ended"
    message = "This passkey signs nothing any more."


class PasskeySuspended(Conflict):
    """The passkey's counter went back: there may be a copy. It is suspended by this."""

    code = "passkey_suspended"
    message = "This passkey may have been copied and is suspended; use the PIN."


class ChallengeUnknown(NotFound):
    """The caller has no such challenge."""

    code = "challenge_unknown"
    message = "There is no such challenge."


class ChallengeExpired(Gone):
    """The challenge's five minutes are over."""

    code = "challenge_expired"
    message = "This challenge is too old; ask for a new one."


class TransactionChanged(Conflict):
    """What was signed is not what would be confirmed now."""

    code = "challenge_mismatch"
    message = "What was signed is not what is confirmed; read it again."


class AssertionReplayed(Conflict):
    """The challenge has been used: a signature confirms once."""

    code = "assertion_replayed"
    message = "This has been signed and used already."


class AlreadyConfirmed(Conflict):
    """It was confirmed in another way; the signature was not needed."""

    code = "already_confirmed"
    message = "This is confirmed already."


class AssertionInvalid(InvalidRequest):
    """The signature, its origin or the person's check on the device does not hold."""

    code = "assertion_invalid"
    message = "This signature is not the passkey's for this page."


def relying_party(public_url: str) -> RelyingParty:
    """Who passkeys sign for: host and origin of our public address."""
    parts = urlsplit(public_url)
    return RelyingParty(host=parts.hostname or "", origin=f"{parts.scheme}://{parts.netloc}")


def canonical(confirmation: Confirmation, nonce: str) -> str:
    """The transaction as one text: JSON, keys in order, no spaces, as it is shown and hashed."""
    return json.dumps(
        {
            "amount": format_amount(confirmation.amount_minor, confirmation.currency),
            "currency": confirmation.currency,
            "id": str(confirmation.id),
            "kind": confirmation.kind.value,
            "nonce": nonce,
            "number": confirmation.number,
            "payee": confirmation.payee_name,
            "payee_id": str(confirmation.payee_id),
        },
        ensure_ascii=False,
        separators=(",", ":"),
        sort_keys=True,
    )


def digest(transaction: str) -> bytes:
    """What the passkey signs: SHA-256 of the canonical text."""
    return hashlib.sha256(transaction.encode()).digest()


def has_gone_back(sign_count: int, *, last_count: int) -> bool:
    """Whether a counter is not above the last one; a device without one always says 0."""
    return (sign_count > 0 or last_count > 0) and sign_count <= last_count


def may_move(state: PasskeyState, to: PasskeyState) -> bool:
    """Whether a passkey's life goes from one state to another."""
    return to in PASSKEY_MOVES[state]
