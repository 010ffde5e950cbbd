"""Keys derived from the installation's master key, and secrets sealed with them.

One master key from the environment; every use has a key of its own by HKDF, so that
none of them is ever stored and a leak of one tells nothing of another.
"""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from config.kernel.errors import SaomaError

_NONCE_BYTES = 12


class SealBroken(SaomaError):
    """A sealed value was altered, or sealed under another master key."""

    code = "seal_broken"
    message = "A stored secret cannot be opened with this installation's master key."


def derive(purpose: str, length: int, *, salt: bytes = b"") -> bytes:
    """Derive `length` bytes for one purpose (HKDF-SHA256)."""
    hkdf = HKDF(
        algorithm=hashes.SHA256(),
        length=length,
        salt=salt or None,
        info=f"saoma/{purpose}/v1".encode(),
    )
    return hkdf.derive(settings.MASTER_KEY.encode())


def seal(plain: bytes, *, purpose: str) -> bytes:
    """Encrypt for rest: AES-256-GCM under the purpose's key, nonce in front."""
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + AESGCM(derive(purpose, 32)).encrypt(nonce, plain, purpose.encode())


def unseal(sealed: bytes, *, purpose: str) -> bytes:
    """Decrypt what `seal` made.

    Raises:
        SealBroken: altered, or made under another key or purpose.
    """
    nonce, text = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
    try:
        return AESGCM(derive(purpose, 32)).decrypt(nonce, text, purpose.encode())
    except (InvalidTag, ValueError) as error:
        raise SealBroken(purpose=purpose) from error
