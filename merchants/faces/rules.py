"""Rules of paying by face: who is believed, how long, and what a terminal signs. Pure."""

import base64
import binascii
import hashlib
from datetime import datetime, timedelta
from typing import Final

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_public_key,
)

from config.kernel.errors import (
    Conflict,
    Gone,
    InvalidRequest,
    NotFound,
    NotPermitted,
    Refused,
    Unauthenticated,
)
from merchants.faces.values import Assertion

TOKEN_LIFE: Final = timedelta(seconds=60)
SESSION_LIFE: Final = timedelta(minutes=5)
SKEW: Final = timedelta(seconds=60)
TOKEN_PREFIX: Final = "fp"  # noqa: S105
# Vendor's scores: below the first nobody is believed, below the second the phone confirms.
LEAST_LIVENESS: Final = 60
GOOD_LIVENESS: Final = 85
LEAST_RSA_BITS: Final = 2048
_LONGEST_KEY: Final = 4_000


class TerminalUncertified(NotPermitted):
    """The terminal is unknown, another merchant's, not certified, or revoked."""

    code = "terminal_uncertified"
    message = "This terminal is not certified for paying by face here."


class TerminalNotFound(NotFound):
    """There is no such terminal, or it is somebody else's."""

    code = "face_terminal_not_found"
    message = "There is no such face terminal."


class TerminalTaken(Conflict):
    """Another terminal has this serial number."""

    code = "face_terminal_taken"
    message = "A terminal with this serial number is registered already."


class TerminalKeyUnfit(InvalidRequest):
    """The key is neither P-256 nor RSA of at least 2048 bits."""

    code = "terminal_key_unfit"
    message = "A terminal signs with P-256 or with RSA of at least 2048 bits (public key in PEM)."


class NotEnrolled(NotPermitted):
    """Nobody is enrolled under this reference, or not any more."""

    code = "face_not_enrolled"
    message = "This person does not pay by face."


class SessionUnknown(InvalidRequest):
    """The session was never begun, is over, or is another terminal's."""

    code = "face_session_unknown"
    message = "There is no such session of this terminal."


class SessionReplayed(Conflict):
    """The session has had its assertion."""

    code = "assertion_replayed"
    message = "This session has been used."


class AssertionStale(InvalidRequest):
    """The look was not taken just now."""

    code = "assertion_stale"
    message = "The assertion is not of the last minute."


class AssertionForged(Unauthenticated):
    """The terminal's key did not sign this, or the nonce is not the session's."""

    code = "assertion_signature_invalid"
    message = "The terminal did not sign this assertion."


class LivenessLow(Refused):
    """The vendor is not sure enough that a living person stood there."""

    code = "liveness_low"
    message = "The terminal is not sure enough; pay another way."


class PhoneMismatch(Refused):
    """The number typed is not the enrolled person's."""

    code = "face_phone_mismatch"
    message = "The phone number is not this person's."


class TokenInvalid(InvalidRequest):
    """There is no such token, or the person or terminal behind it is no longer believed."""

    code = "face_token_invalid"
    message = "This face token stands for nobody."


class TokenExpired(Gone):
    """The token's minute is over."""

    code = "face_token_expired"
    message = "This face token has expired."


class TokenUsed(Conflict):
    """The token has been used for another order."""

    code = "face_token_used"
    message = "This face token has been used."


class MerchantMismatch(NotPermitted):
    """The token was made at another merchant's terminal."""

    code = "face_merchant_mismatch"
    message = "This face token was made at another merchant."


def fingerprint(token: str) -> str:
    """How a token is kept."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def signed_text(assertion: Assertion) -> bytes:
    """What a terminal signs: one line a fact, in this order."""
    facts = (
        "saoma-face-1",
        assertion.session,
        assertion.nonce,
        assertion.terminal,
        assertion.subject,
        str(assertion.liveness),
        assertion.taken_at.isoformat(),
        assertion.phone,
    )
    return "\n".join(facts).encode() + b"\n"


def terminal_key(text: str) -> str:
    """Read a terminal's public key; gives it as kept.

    Raises:
        TerminalKeyUnfit: no such key, or a weak one.
    """
    if len(text) > _LONGEST_KEY:
        raise TerminalKeyUnfit(field="public_key")
    try:
        key = load_pem_public_key(text.encode())
    except (ValueError, UnsupportedAlgorithm) as error:
        raise TerminalKeyUnfit(field="public_key") from error
    curve = isinstance(key, EllipticCurvePublicKey) and isinstance(key.curve, SECP256R1)
    strong = isinstance(key, RSAPublicKey) and key.key_size >= LEAST_RSA_BITS
    if not (curve or strong):
        raise TerminalKeyUnfit(field="public_key")
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def check_signature(assertion: Assertion, *, public_key: str) -> None:
    """Check that a terminal signed what it is said to have said.

    Raises:
        AssertionForged: it did not.
    """
    if not is_signed(signed_text(assertion), assertion.signature, public_key=public_key):
        raise AssertionForged(field="signature")


def is_signed(text: bytes, signature: str, *, public_key: str) -> bool:
    """Whether a key that `terminal_key` gave signed a text; false for what is no base64."""
    key = load_pem_public_key(public_key.encode())
    try:
        raw = binascii.a2b_base64(signature)
        if isinstance(key, RSAPublicKey):
            key.verify(raw, text, PKCS1v15(), SHA256())
        elif isinstance(key, EllipticCurvePublicKey):
            key.verify(raw, text, ECDSA(SHA256()))
        else:
            return False
    except (InvalidSignature, ValueError):
        return False
    return True


def check_fresh(taken_at: datetime, *, at: datetime) -> None:
    """Check that a look was taken just now.

    Raises:
        AssertionStale: it was not, or its time has no zone.
    """
    if taken_at.tzinfo is None or abs(at - taken_at) > SKEW:
        raise AssertionStale(field="taken_at")


def encoded(raw: bytes) -> str:
    """Random bytes as a token's letters."""
    return base64.b32encode(raw).decode().rstrip("=").lower()
