"""COSE under a key that both sides hold: COSE_Mac0 and COSE_Encrypt0 (RFC 9052, 5 and 6).

No certificate of ours is made like this: whoever can check a shared key can forge. CWTs of
other systems are (RFC 8392, appendix A), and are read here as the standard says.
"""

import hmac
from collections.abc import Mapping
from typing import TypeVar

from cbor2 import CBORTag
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESCCM, AESGCM

from healthcode.codec import cbor
from healthcode.codec.errors import CertificateRefused, Stage

T = TypeVar("T")
ALG, IV = 1, 5
TAG_MAC0, TAG_ENCRYPT0, TAG_CWT = 17, 16, 61
# Algorithm: hash and length of the tag in bytes (RFC 9053, 3.1).
_HMACS: Mapping[int, tuple[str, int]] = {
    4: ("sha256", 8), 5: ("sha256", 32), 6: ("sha384", 48), 7: ("sha512", 64),
}  # fmt: skip
# AES-CCM-16-64-128 and its kin: bytes of key, tag and nonce (RFC 9053, 4.2).
_CCMS: Mapping[int, tuple[int, int, int]] = {
    10: (16, 8, 13), 11: (32, 8, 13), 12: (16, 8, 7), 13: (32, 8, 7),
    30: (16, 16, 13), 31: (32, 16, 13), 32: (16, 16, 7), 33: (32, 16, 7),
}  # fmt: skip
_GCMS: Mapping[int, int] = {1: 16, 2: 24, 3: 32}
_GCM_NONCE = 12


def verify_mac0(data: bytes, key: bytes, external: bytes = b"") -> bytes:
    """The payload of a COSE_Mac0 that was made with this key.

    Raises:
        CertificateRefused: at stage cbor or cose; at signature where the tag is another.
    """
    match _content(data, TAG_MAC0):
        case [bytes() as protected, Mapping(), bytes() as payload, bytes() as made]:
            name, size = _known(_HMACS, _headers(protected).get(ALG))
            parts = ["MAC0", protected, external, payload]
            tag = hmac.digest(key, cbor.encode_ordered(parts), name)[:size]
            if not hmac.compare_digest(tag, made):
                raise CertificateRefused(Stage.SIGNATURE, "mac_invalid")
            return payload
    raise CertificateRefused(Stage.COSE, "cose_structure")


def open_encrypt0(data: bytes, key: bytes, external: bytes = b"") -> bytes:
    """The plain text of a COSE_Encrypt0 under this key.

    Raises:
        CertificateRefused: at stage cbor or cose; at signature where it does not open.
    """
    match _content(data, TAG_ENCRYPT0):
        case [bytes() as protected, Mapping() as unprotected, bytes() as sealed]:
            headers = {**unprotected, **_headers(protected)}
            nonce = headers.get(IV)
            if not isinstance(nonce, bytes):
                raise CertificateRefused(Stage.COSE, "nonce_missing")
            aad = cbor.encode_ordered(["Encrypt0", protected, external])
            cipher = _cipher(headers.get(ALG), key, nonce)
            try:
                return cipher.decrypt(nonce, sealed, aad)
            except (InvalidTag, ValueError) as error:
                raise CertificateRefused(Stage.SIGNATURE, "does_not_open") from error
    raise CertificateRefused(Stage.COSE, "cose_structure")


def _cipher(alg: object, key: bytes, nonce: bytes) -> AESCCM | AESGCM:
    if alg in _GCMS:
        size, tag, length = _known(_GCMS, alg), 0, _GCM_NONCE
    else:
        size, tag, length = _known(_CCMS, alg)
    if (len(key), len(nonce)) != (size, length):
        raise CertificateRefused(Stage.COSE, "key_or_nonce_length")
    return AESCCM(key, tag_length=tag) if tag else AESGCM(key)


def _known(table: Mapping[int, T], alg: object) -> T:
    found = table.get(alg) if isinstance(alg, int) and not isinstance(alg, bool) else None
    if found is None:
        raise CertificateRefused(Stage.COSE, "algorithm_unknown", alg=str(alg))
    return found


def _content(data: bytes, tag: int) -> object:
    value = cbor.decode(data)
    if isinstance(value, CBORTag) and value.tag == TAG_CWT:
        value = value.value
    if isinstance(value, CBORTag):
        if value.tag != tag:
            raise CertificateRefused(Stage.COSE, "cose_tag", tag=value.tag)
        return value.value
    return value


def _headers(data: bytes) -> Mapping[object, object]:
    headers = cbor.decode(data) if data else {}
    if not isinstance(headers, Mapping):
        raise CertificateRefused(Stage.COSE, "cose_protected_header")
    return headers
