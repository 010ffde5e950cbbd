"""Signed orders (JWS compact, ES256) and the public key they are checked with. Pure.

A payer's app that fetched an order by its token checks the signature before it shows a
name or an amount. The key pair follows from the installation's master key, so every
process has it and none stores it; `kid` is its RFC 7638 thumbprint.
"""

import base64
import hashlib
import json
from collections.abc import Mapping
from functools import lru_cache

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

# Order of the group of P-256 (SEC 2, 2.4.2): a private key is 1 to this less 1.
GROUP_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
COORDINATE_BYTES = 32


@lru_cache(maxsize=4)
def order_key(master_key: str) -> ec.EllipticCurvePrivateKey:
    """The key that signs orders, derived from the installation's master key.

    48 derived bytes reduced into the group leave a bias below 2^-128 (FIPS 186-5, A.2.1).
    """
    derive = HKDF(
        algorithm=hashes.SHA256(), length=48, salt=None, info=b"saoma/merchants/order-jws/v1"
    )
    seed = int.from_bytes(derive.derive(master_key.encode()))
    return ec.derive_private_key(seed % (GROUP_ORDER - 1) + 1, ec.SECP256R1())


def public_jwk(key: ec.EllipticCurvePrivateKey) -> dict[str, str]:
    """The public half as a JWK (RFC 7517), with its thumbprint as `kid`."""
    numbers = key.public_key().public_numbers()
    # RFC 7638: the required members alone, in order of name, without blanks.
    members = {
        "crv": "P-256",
        "kty": "EC",
        "x": _base64url(numbers.x.to_bytes(COORDINATE_BYTES)),
        "y": _base64url(numbers.y.to_bytes(COORDINATE_BYTES)),
    }
    thumbprint = _base64url(hashlib.sha256(_compact(members)).digest())
    return {**members, "use": "sig", "alg": "ES256", "kid": thumbprint}


def sign_claims(claims: Mapping[str, object], key: ec.EllipticCurvePrivateKey) -> str:
    """Sign a payload: three base64url parts (RFC 7515), signature as r and s (RFC 7518)."""
    header = {"alg": "ES256", "kid": public_jwk(key)["kid"], "typ": "JOSE"}
    text = f"{_base64url(_compact(header))}.{_base64url(_compact(claims))}"
    r, s = decode_dss_signature(key.sign(text.encode(), ec.ECDSA(hashes.SHA256())))
    signature = r.to_bytes(COORDINATE_BYTES) + s.to_bytes(COORDINATE_BYTES)
    return f"{text}.{_base64url(signature)}"


def _compact(value: Mapping[str, object]) -> bytes:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
