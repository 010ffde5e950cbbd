"""Signatures, both ways: we sign requests, the gateway signs answers and notifications.

RSA PKCS#1 v1.5 over SHA-256 (`RSA2`) or SHA-1 (`RSA`), written in Base64.
"""

import base64
import binascii
import functools
import re
from collections.abc import Mapping

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey

_NODE = re.compile(r'"[A-Za-z0-9_]+_response":(?=\{)')
_SIGN = re.compile(r'\},"sign":"')


def sign_request(params: Mapping[str, str], private_pem: str, sign_type: str, charset: str) -> str:
    """Sign a request: all parameters but `sign`, empties left out, sorted, `k=v&k=v`."""
    text = "&".join(
        f"{key}={value}" for key, value in sorted(params.items()) if value and key != "sign"
    )
    signature = _key(private_pem).sign(text.encode(charset), PKCS1v15(), _hash(sign_type))
    return base64.b64encode(signature).decode("ascii")


@functools.lru_cache(maxsize=64)  # checking a key costs more than signing with it
def _key(private_pem: str) -> RSAPrivateKey:
    key = serialization.load_pem_private_key(private_pem.encode("ascii"), password=None)
    if not isinstance(key, RSAPrivateKey):
        raise ValueError("the app's key must be an RSA private key")
    return key


def signed_part(body: str) -> tuple[str, str] | None:
    """Cut an answer into the text that is signed and the signature; None if it is unsigned.

    The signature covers the node's exact characters, so it is cut out of the text
    and never written anew from parsed JSON.
    """
    node = _NODE.search(body)
    signs = list(_SIGN.finditer(body))
    if node is None or not signs:
        return None
    last = signs[-1]
    return body[node.end() : last.start() + 1], body[last.end() : body.index('"', last.end())]


def verify(text: str, signature: str, public_pem: str, sign_type: str, charset: str) -> bool:
    """Check that the gateway signed `text`."""
    key = serialization.load_pem_public_key(public_pem.encode("ascii"))
    if not isinstance(key, RSAPublicKey):
        raise ValueError("the gateway's key must be an RSA public key")
    try:
        raw = binascii.a2b_base64(signature)
        key.verify(raw, text.encode(charset), PKCS1v15(), _hash(sign_type))
    except (InvalidSignature, ValueError):
        return False
    return True


def verify_notification(params: Mapping[str, str], public_pem: str) -> bool:
    """Check a notification: neither `sign` nor `sign_type` is part of what is signed."""
    text = "&".join(
        f"{key}={value}"
        for key, value in sorted(params.items())
        if value and key not in ("sign", "sign_type")
    )
    sign_type, charset = params.get("sign_type", "RSA2"), params.get("charset", "utf-8")
    return verify(text, params.get("sign", ""), public_pem, sign_type, charset)


def _hash(sign_type: str) -> hashes.HashAlgorithm:
    # SHA-1 is what the old sign type RSA means; new merchants use RSA2.
    return hashes.SHA1() if sign_type == "RSA" else hashes.SHA256()  # noqa: S303
