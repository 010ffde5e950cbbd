"""Keys of the installation, and secrets sealed with them.

The master keys are a ring: the first seals, each of them opens, so that secrets can be
sealed anew while the world goes on (`reseal_secrets`). Every use has a key of its own by
HKDF, so that none of them is ever stored and a leak of one tells nothing of another. What
is derived and lasts (digests, devices' secrets, apps' content keys) comes from the
derivation key, which a rotation leaves as it is: it is the installation's first master key.
"""

import os
from collections.abc import Iterator

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
    """Derive `length` bytes for one lasting purpose (HKDF-SHA256); no rotation changes them."""
    return _derived(settings.DERIVATION_KEY, purpose, length, salt)


def derive_from_ring(purpose: str, length: int, *, salt: bytes = b"") -> list[bytes]:
    """Derive `length` bytes for one purpose from each master key, newest first."""
    return [_derived(master_key, purpose, length, salt) for master_key in ring()]


def ring() -> tuple[str, ...]:
    """The master keys: the one that seals, then older ones that still open."""
    return (settings.MASTER_KEY, *settings.MASTER_KEY_FALLBACKS)


def seal(plain: bytes, *, purpose: str, bound_to: str = "") -> bytes:
    """Encrypt for rest: AES-256-GCM under the purpose's key, nonce in front.

    Args:
        plain: the secret.
        purpose: what it is for; each purpose has a key of its own.
        bound_to: what it may not be moved away from, such as a row's name (associated
            data); the purpose itself where nothing is named.
    """
    nonce = os.urandom(_NONCE_BYTES)
    cipher = AESGCM(_derived(settings.MASTER_KEY, purpose, 32))
    return nonce + cipher.encrypt(nonce, plain, (bound_to or purpose).encode())


def unseal(sealed: bytes, *, purpose: str, bound_to: str = "") -> bytes:
    """Decrypt what `seal` made, whichever key of the ring it was made with.

    Raises:
        SealBroken: altered, or made under a key that is not in the ring, or for another
            purpose or row.
    """
    for plain in _opened(sealed, purpose, bound_to):
        if plain is not None:
            return plain
    raise SealBroken(purpose=purpose)


def is_current(sealed: bytes, *, purpose: str, bound_to: str = "") -> bool:
    """Whether a secret is sealed with the newest master key."""
    return next(_opened(sealed, purpose, bound_to)) is not None


def _opened(sealed: bytes, purpose: str, bound_to: str) -> Iterator[bytes | None]:
    """What each key of the ring makes of a sealed secret; None where it does not open."""
    nonce, text = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
    for key in derive_from_ring(purpose, 32):
        try:
            yield AESGCM(key).decrypt(nonce, text, (bound_to or purpose).encode())
        except (InvalidTag, ValueError):
            yield None


def _derived(master_key: str, purpose: str, length: int, salt: bytes = b"") -> bytes:
    hkdf = HKDF(
        algorithm=hashes.SHA256(),
        length=length,
        salt=salt or None,
        info=f"saoma/{purpose}/v1".encode(),
    )
    return hkdf.derive(master_key.encode())
