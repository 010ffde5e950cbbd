"""Public keys of issuers and devices, whatever they arrive in.

A key is what remains of an X.509 certificate, a JWK or a COSE_Key: the public key, the
ids under which it may be named, and what it may sign.
"""

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from config.kernel.errors import InvalidRequest

PublicKey = (
    ec.EllipticCurvePublicKey | rsa.RSAPublicKey | ed25519.Ed25519PublicKey | ed448.Ed448PublicKey
)

CURVES: dict[str, type[ec.EllipticCurve]] = {
    "P-256": ec.SECP256R1,
    "P-384": ec.SECP384R1,
    "P-521": ec.SECP521R1,
}
COSE_CURVES: dict[int, type[ec.EllipticCurve]] = {
    1: ec.SECP256R1,
    2: ec.SECP384R1,
    3: ec.SECP521R1,
}
# hcert 1.0.8, annex: what a signer's certificate may attest. The second arc is a slip of
# some issuers that verifiers are told to accept.
_USAGE_ARCS = ("1.3.6.1.4.1.1847.2021.1.", "1.3.6.1.4.1.0.1847.2021.1.")
_USAGES = {"1": "t", "2": "v", "3": "r"}
_ARMOUR = re.compile(r"-----(?:BEGIN|END) [A-Z0-9 ]+-----")


class UnusableKey(InvalidRequest):
    """The bytes or members are not a public key we can use."""

    code: ClassVar[str] = "unusable_key"
    message: ClassVar[str] = "This is not a public key that can be used."

    def __init__(self, reason: str) -> None:
        super().__init__(reason=reason)


@dataclass(frozen=True, slots=True)
class Key:
    """A public key and what is known about it.

    Args:
        kid: the id under which tokens name it; empty if it has none, so that it is a
            candidate for every token.
        usages: groups of an EU certificate it may sign ("t", "v", "r"); empty = all.
        valid_from, valid_until: life of its X.509 certificate, where it has one.
    """

    public: PublicKey
    kid: bytes = b""
    usages: frozenset[str] = field(default_factory=frozenset)
    valid_from: datetime | None = None
    valid_until: datetime | None = None


def from_certificate(source: str | bytes) -> Key:
    """Read an X.509 certificate (PEM, base64 of DER, or DER).

    Its id is the first 8 bytes of the SHA-256 of its DER form (hcert 1.0.8, 3.3.2).

    Raises:
        UnusableKey: not a certificate, or with a key of another kind.
    """
    der = source if isinstance(source, bytes) else _der(source)
    try:
        certificate = x509.load_der_x509_certificate(der)
        public = certificate.public_key()
        usages = _usages(certificate)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise UnusableKey(str(error)) from error
    if not isinstance(public, PublicKey):
        raise UnusableKey("the key is neither EC, RSA nor Ed")
    return Key(
        public,
        hashlib.sha256(der).digest()[:8],
        usages,
        certificate.not_valid_before_utc,
        certificate.not_valid_after_utc,
    )


def _der(text: str) -> bytes:
    """The bytes behind a PEM block, its lines run together or not, or plain base64."""
    body = "".join(_ARMOUR.sub("", text).split())
    try:
        return base64.b64decode(body + "=" * (-len(body) % 4), validate=True)
    except (binascii.Error, ValueError) as error:
        raise UnusableKey("the certificate is not base64") from error


def _usages(certificate: x509.Certificate) -> frozenset[str]:
    try:
        extension = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    except (x509.ExtensionNotFound, x509.DuplicateExtension, ValueError):
        # None, or one that lists nothing (malformed, and seen in the wild): no limit.
        return frozenset()
    oids = [usage.dotted_string for usage in extension.value]
    groups = (oid.removeprefix(arc) for oid in oids for arc in _USAGE_ARCS if oid.startswith(arc))
    return frozenset(_USAGES[group] for group in groups if group in _USAGES)


def from_jwk(jwk: Mapping[str, Any]) -> Key:
    """Read a JSON Web Key (RFC 7517): EC, OKP or RSA.

    Raises:
        UnusableKey: a member is missing or the point is not on its curve.
    """
    try:
        return Key(_jwk_public(jwk), str(jwk.get("kid", "")).encode())
    except (KeyError, TypeError, ValueError, binascii.Error, UnsupportedAlgorithm) as error:
        raise UnusableKey(f"the JWK cannot be used: {error!r}") from error


def _jwk_public(jwk: Mapping[str, Any]) -> PublicKey:
    if jwk["kty"] == "EC":
        x, y = (int.from_bytes(base64url(jwk[name])) for name in ("x", "y"))
        return ec.EllipticCurvePublicNumbers(x, y, CURVES[jwk["crv"]]()).public_key()
    if jwk["kty"] == "RSA":
        e, n = (int.from_bytes(base64url(jwk[name])) for name in ("e", "n"))
        return rsa.RSAPublicNumbers(e, n).public_key()
    if jwk["kty"] == "OKP" and jwk["crv"] == "Ed25519":
        return ed25519.Ed25519PublicKey.from_public_bytes(base64url(jwk["x"]))
    if jwk["kty"] == "OKP" and jwk["crv"] == "Ed448":
        return ed448.Ed448PublicKey.from_public_bytes(base64url(jwk["x"]))
    raise UnusableKey("unknown key type or curve")


def thumbprint(jwk: Mapping[str, Any]) -> str:
    """The key's own name: RFC 7638, SHA-256, base64url. For EC keys.

    Raises:
        KeyError: a required member is missing.
    """
    members = {name: jwk[name] for name in ("crv", "kty", "x", "y")}
    canonical = json.dumps(members, separators=(",", ":"), sort_keys=True)
    digest = hashlib.sha256(canonical.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def to_jwk(public: ec.EllipticCurvePublicKey) -> dict[str, str]:
    """Write a P-256 public key as a JWK named by its thumbprint."""
    numbers = public.public_numbers()
    x, y = (
        base64.urlsafe_b64encode(number.to_bytes(32)).rstrip(b"=").decode()
        for number in (numbers.x, numbers.y)
    )
    jwk = {"kty": "EC", "crv": "P-256", "x": x, "y": y, "use": "sig", "alg": "ES256"}
    return {**jwk, "kid": thumbprint(jwk)}


def from_cose_key(members: object) -> ec.EllipticCurvePublicKey:
    """Read an EC2 COSE_Key (RFC 9053, 7.1.1); `y` may be a sign bit.

    Raises:
        UnusableKey: another key type, or a point that is not on the curve.
    """
    if not isinstance(members, Mapping) or members.get(1) != 2:
        raise UnusableKey("the COSE_Key is not an EC2 key")
    name = members.get(-1)
    curve = COSE_CURVES.get(name) if isinstance(name, int) else None
    x, y = members.get(-2), members.get(-3)
    if curve is None or not isinstance(x, bytes):
        raise UnusableKey("the COSE_Key has no known curve or no x")
    if isinstance(y, bool):
        point = (b"\x03" if y else b"\x02") + x
    elif isinstance(y, bytes):
        point = b"\x04" + x + y
    else:
        raise UnusableKey("the COSE_Key has no y")
    try:
        return ec.EllipticCurvePublicKey.from_encoded_point(curve(), point)
    except ValueError as error:
        raise UnusableKey(str(error)) from error


def to_cose_key(public: ec.EllipticCurvePublicKey) -> dict[int, object]:
    """Write a P-256 key as the smallest COSE_Key: y by its sign."""
    point = compressed(public)
    return {1: 2, -1: 1, -2: point[1:], -3: point[0] == 3}


def fingerprint(public: PublicKey) -> str:
    """A key's one name, whatever it arrived in: SHA-256 of its SubjectPublicKeyInfo, in hex."""
    der = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(der).hexdigest()


def compressed(public: ec.EllipticCurvePublicKey) -> bytes:
    """The key's point in 33 bytes (SEC 1, 2.3.3)."""
    return public.public_bytes(Encoding.X962, PublicFormat.CompressedPoint)


def base64url(text: str) -> bytes:
    """Read base64url without padding, strictly.

    Raises:
        ValueError: a character outside the alphabet or an impossible length.
    """
    if not isinstance(text, str) or "=" in text:
        raise ValueError("base64url is text without padding")
    padded = text.translate(str.maketrans("-_", "+/", "+/")) + "=" * (-len(text) % 4)
    data = base64.b64decode(padded, validate=True)
    if len(text) != (len(data) * 8 + 5) // 6:
        raise ValueError("the text holds characters outside base64url")
    return data


def named(keys: Iterable[Key], kid: bytes) -> list[Key]:
    """All keys of that name (or of none): ids of 8 bytes collide, so each is to be tried."""
    return [key for key in keys if key.kid in (kid, b"")]


def short_kid(jwk: Mapping[str, Any]) -> bytes:
    """The first 8 bytes of an EC key's thumbprint: how a pass names its signer.

    Raises:
        KeyError: a required member is missing.
    """
    return base64url(thumbprint(jwk))[:8]
