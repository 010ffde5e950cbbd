"""SMART Health Cards (1.4): a JWS of deflated FHIR, in QR codes as digits.

`shc:/` + two digits a character (code - 45) of `header.payload.signature`; the header is
`{"alg":"ES256","zip":"DEF","kid":thumbprint}`, the payload raw DEFLATE of minified JSON.
Old cards may be cut in chunks `shc:/C/N/...`.
"""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec

from healthcode.codec import cbor, cose, keys
from healthcode.codec.claims import Verified, check_times, moment
from healthcode.codec.errors import CertificateRefused, Stage, said
from healthcode.codec.inflate import RAW, deflate, inflate
from healthcode.codec.jws import Jws, encoded, json_object, parse

PREFIX = "shc:/"
HEALTH_CARD = "https://smarthealth.cards#health-card"
_CHUNK = re.compile(r"([0-9]+)/([0-9]+)/([0-9]*)")
_ORD_MINUS, _ORD_MAX = 45, 122 - 45
MAX_CHUNKS = 64


def verify(
    text: str | Sequence[str], jwks: Sequence[Mapping[str, Any]], *, at: datetime
) -> Verified:
    """Check a card against the issuer's key set at one moment.

    `text` is `shc:/…`, several chunks of one, or the bare JWS. Of the keys published by the
    issuer those are passed over that are not EC P-256 signing keys named by their own
    thumbprint.

    Raises:
        CertificateRefused: with the stage that refused.
    """
    jws = parse(read(text))
    _check_header(jws.header)
    key = _find_key(jws, jwks)
    payload = json_object(inflate(jws.payload, RAW))
    credential = payload.get("vc")
    if not isinstance(credential, dict) or not isinstance(credential.get("type"), list):
        raise CertificateRefused(Stage.CBOR, "vc_missing")
    if HEALTH_CARD not in credential["type"]:
        raise CertificateRefused(Stage.CBOR, "vc_not_a_health_card")
    valid_from = moment(cbor.seconds(payload.get("nbf")))
    expires_at = moment(cbor.seconds(payload.get("exp")))
    if valid_from is None or ("exp" in payload and expires_at is None):
        raise CertificateRefused(Stage.VALIDITY, "time_claim_missing")
    check_times(valid_from=valid_from, expires_at=expires_at, at=at)
    kid = str(jws.header["kid"])
    return Verified("SHC", payload, _issuer(payload), key, valid_from, expires_at, kid=kid)


def read(text: str | Sequence[str]) -> str:
    """The JWS behind one QR code, behind its chunks, or itself.

    Raises:
        CertificateRefused: at stage prefix or encoding.
    """
    parts = [text] if isinstance(text, str) else list(text)
    if len(parts) == 1 and not parts[0].startswith(PREFIX):
        if parts[0].startswith("eyJ"):
            return parts[0]
        raise CertificateRefused(Stage.PREFIX, "prefix_unknown")
    if not parts or not all(part.startswith(PREFIX) for part in parts):
        raise CertificateRefused(Stage.PREFIX, "prefix_unknown")
    return "".join(_characters(digits) for digits in _ordered(parts))


def _ordered(parts: Sequence[str]) -> list[str]:
    """The digits of each chunk, in order; one code alone may say that it is 1 of 1."""
    bodies = [part[len(PREFIX) :] for part in parts]
    matches = [_CHUNK.fullmatch(body) for body in bodies]
    if len(bodies) == 1 and matches[0] is None:
        return bodies
    chunks: dict[int, str] = {}
    for match in matches:
        if match is None or int(match[2]) != len(parts) or len(parts) > MAX_CHUNKS:
            raise CertificateRefused(Stage.ENCODING, "chunk_header")
        chunks[int(match[1])] = match[3]
    if sorted(chunks) != list(range(1, len(parts) + 1)):
        raise CertificateRefused(Stage.ENCODING, "chunk_missing")
    return [chunks[number] for number in sorted(chunks)]


def _characters(digits: str) -> str:
    if len(digits) % 2 or not (digits.isascii() and digits.isdigit()):
        raise CertificateRefused(Stage.ENCODING, "digits")
    codes = [int(digits[index : index + 2]) for index in range(0, len(digits), 2)]
    if any(code > _ORD_MAX for code in codes):
        raise CertificateRefused(Stage.ENCODING, "digit_pair_too_large")
    return "".join(chr(code + _ORD_MINUS) for code in codes)


def _check_header(header: Mapping[str, Any]) -> None:
    if header.get("alg") != "ES256":
        raise CertificateRefused(Stage.COSE, "algorithm_unknown", alg=said(header.get("alg")))
    if header.get("zip") != "DEF":
        raise CertificateRefused(Stage.COSE, "zip_not_def")
    if not isinstance(header.get("kid"), str):
        raise CertificateRefused(Stage.COSE, "kid_missing")


def check_jwk(jwk: Mapping[str, Any]) -> keys.Key:
    """A key that may sign health cards: EC P-256, for ES256, named by its thumbprint.

    Raises:
        UnusableKey: it may not.
    """
    if (jwk.get("kty"), jwk.get("crv")) != ("EC", "P-256"):
        raise keys.UnusableKey("the key is not on P-256")
    if jwk.get("alg", "ES256") != "ES256" or jwk.get("use", "sig") != "sig":
        raise keys.UnusableKey("the key is not for ES256 signatures")
    key = keys.from_jwk(jwk)
    if jwk.get("kid") != keys.thumbprint(jwk):
        raise keys.UnusableKey("the key is not named by its thumbprint")
    chain = jwk.get("x5c")
    if isinstance(chain, list) and chain:
        leaf = keys.from_certificate(str(chain[0]))
        if leaf.public != key.public:
            raise keys.UnusableKey("the certificate is of another key")
    return key


def _find_key(jws: Jws, jwks: Sequence[Mapping[str, Any]]) -> keys.Key:
    kid = jws.header["kid"]
    candidates = [_usable(jwk) for jwk in jwks if jwk.get("kid") == kid]
    usable = [key for key in candidates if key is not None]
    if not usable:
        raise CertificateRefused(Stage.SIGNATURE, "key_unknown", kid=said(kid))
    for key in usable:
        if cose.is_signature(cose.ES256, key.public, jws.signature, jws.signed_bytes):
            return key
    raise CertificateRefused(Stage.SIGNATURE, "signature_invalid")


def _usable(jwk: Mapping[str, Any]) -> keys.Key | None:
    try:
        return check_jwk(jwk)
    except keys.UnusableKey:
        return None


def _issuer(payload: Mapping[str, Any]) -> str:
    """The issuer's address: https, without a trailing slash (its key set hangs below)."""
    issuer = payload.get("iss")
    if not isinstance(issuer, str) or not issuer.startswith("https://") or issuer.endswith("/"):
        raise CertificateRefused(Stage.VALIDITY, "issuer_address")
    return issuer


def issue(
    bundle: Mapping[str, Any],
    *,
    issuer: str,
    types: Sequence[str],
    private: ec.EllipticCurvePrivateKey,
    issued_at: datetime,
) -> str:
    """Write a card of a FHIR bundle, as one `shc:/` code."""
    payload = {
        "iss": issuer,
        "nbf": int(issued_at.timestamp()),
        "vc": {
            "type": [HEALTH_CARD, *types],
            "credentialSubject": {"fhirVersion": "4.0.1", "fhirBundle": dict(bundle)},
        },
    }
    kid = keys.to_jwk(private.public_key())["kid"]
    header = json.dumps({"alg": "ES256", "zip": "DEF", "kid": kid}, separators=(",", ":"))
    minified = json.dumps(payload, separators=(",", ":"), ensure_ascii=False).encode()
    signed = f"{encoded(header.encode())}.{encoded(deflate(minified, RAW))}"
    jws = f"{signed}.{encoded(cose.es256_signer(private)(signed.encode()))}"
    return PREFIX + "".join(f"{ord(character) - _ORD_MINUS:02d}" for character in jws)
