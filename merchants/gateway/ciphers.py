"""Encryption of business content: AES-128-CBC with PKCS#7 and an IV of zeros.

That is the protocol's choice, not ours: the same content under the same key gives the
same text, and nothing but the RSA signature around it protects its integrity. It hides
content from what stands between merchant and gateway beside TLS, no more.

An app's key is derived from the installation's master key and the app's number, so it
is never stored; the sandbox and the console hand it to the merchant in Base64.
"""

import base64
import binascii

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES128
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.padding import PKCS7

_BLOCK_BITS = 128
_KEY_BYTES = 16
_IV = bytes(_KEY_BYTES)
_USE = b"saoma/gateway/content/v1:"


def content_key(master_key: str, app_number: str) -> bytes:
    """An app's key for content, sixteen bytes."""
    derive = HKDF(algorithm=SHA256(), length=_KEY_BYTES, salt=None, info=_USE + app_number.encode())
    return derive.derive(master_key.encode())


def encrypt(plain: bytes, key: bytes) -> str:
    """Encrypt content; Base64."""
    padder = PKCS7(_BLOCK_BITS).padder()
    padded = padder.update(plain) + padder.finalize()
    cipher = Cipher(AES128(key), CBC(_IV)).encryptor()
    return base64.b64encode(cipher.update(padded) + cipher.finalize()).decode("ascii")


def decrypt(text: str, key: bytes) -> bytes | None:
    """Decrypt content; None where text, padding or length are wrong."""
    try:
        raw = binascii.a2b_base64(text)
        cipher = Cipher(AES128(key), CBC(_IV)).decryptor()
        padded = cipher.update(raw) + cipher.finalize()
        unpadder = PKCS7(_BLOCK_BITS).unpadder()
        return unpadder.update(padded) + unpadder.finalize()
    except ValueError:
        return None
