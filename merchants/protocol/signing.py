"""Signs answers and checks requests. Keys arrive parsed: onboarding keeps them so.

An app may have several keys while it rotates them, and a client may have signed in
one of a few ways, so a check tries each key on each candidate; the common case is
the first key on the first candidate and costs one verification.
"""

import base64
import binascii
from collections.abc import Iterable, Sequence
from datetime import datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA1, SHA256, Hash, HashAlgorithm

from merchants.onboarding.values import AppPublicKey, SignType

_PADDING = PKCS1v15()
# SHA-1 is the protocol's old sign type RSA, which merchants may still choose.
_HASHES: dict[SignType, HashAlgorithm] = {SignType.RSA: SHA1(), SignType.RSA2: SHA256()}  # noqa: S303


def sign(key: RSAPrivateKey, message: bytes, sign_type: SignType) -> str:
    """Sign a message: Base64 with `+/=`, no line breaks."""
    return base64.b64encode(key.sign(message, _PADDING, _HASHES[sign_type])).decode("ascii")


def verify(key: RSAPublicKey, message: bytes, signature: str, sign_type: SignType) -> bool:
    """Check one signature with one key; false for whatever cannot be read."""
    raw = _raw(signature)
    return raw is not None and _fits(key, message, raw, sign_type)


def signed_by_one_of(
    keys: Sequence[AppPublicKey],
    candidates: Iterable[bytes],
    signature: str,
    sign_type: SignType,
    at: datetime,
) -> bool:
    """Tell whether one of the app's keys in force at `at` signed one of the candidates."""
    raw = _raw(signature)
    if raw is None:
        return False
    usable = [
        app_key.key
        for app_key in keys
        if sign_type in app_key.sign_types
        and (app_key.retires_at is None or at < app_key.retires_at)
    ]
    return any(_fits(key, candidate, raw, sign_type) for candidate in candidates for key in usable)


def opened(key: RSAPublicKey, raw: bytes) -> tuple[SignType, bytes] | None:
    """Open a signature with a key: which hash was signed; None if another key made it.

    This tells a wrong key from a wrong string, which a verification does not.
    """
    for kind, algorithm in _HASHES.items():
        try:
            return kind, key.recover_data_from_signature(raw, _PADDING, algorithm)
        except (InvalidSignature, ValueError):
            continue
    return None


def digest(message: bytes, sign_type: SignType) -> bytes:
    """The hash of a message, as it is signed."""
    hasher = Hash(_HASHES[sign_type])
    hasher.update(message)
    return hasher.finalize()


def _raw(signature: str) -> bytes | None:
    try:
        # Line breaks are common; anything after the padding is none of a signature.
        return binascii.a2b_base64("".join(signature.split()), strict_mode=True)
    except ValueError:
        return None


def _fits(key: RSAPublicKey, message: bytes, raw: bytes, sign_type: SignType) -> bool:
    try:
        key.verify(raw, message, _PADDING, _HASHES[sign_type])
    except InvalidSignature:
        return False
    return True
