"""NZCP: the New Zealand COVID Pass (technical specification 1).

`NZCP:/1/` + Base32 without padding of a tagged COSE_Sign1 (ES256 only) over a CWT whose
issuer is a did:web; its DID document holds the keys.
"""

import base64
import binascii
import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from cbor2 import CBORTag

from healthcode.codec import cbor, cose, keys
from healthcode.codec.claims import Verified, check_times, moment
from healthcode.codec.errors import CertificateRefused, Stage, said

PREFIX = "NZCP:/"
VERSION = "1/"
_ISS, _EXP, _NBF, _CTI = 1, 4, 5, 7
_DID_WEB = "did:web:"
_UUID_BYTES = 16
_SUBJECT = ("givenName", "dob")


def verify(
    text: str,
    *,
    at: datetime,
    did_document: Mapping[str, Any] | None = None,
    jwks: Sequence[Mapping[str, Any]] = (),
) -> Verified:
    """Check a pass against the issuer's DID document (or plain keys) at one moment.

    Raises:
        CertificateRefused: with the stage that refused.
    """
    message = read(text)
    kid = _check_headers(message)
    claims = cbor.decode(message.payload)
    if not isinstance(claims, Mapping):
        raise CertificateRefused(Stage.CBOR, "cwt_not_a_map")
    issuer = claims.get(_ISS)
    if not isinstance(issuer, str) or not issuer.startswith(_DID_WEB):
        raise CertificateRefused(Stage.CBOR, "issuer_not_did_web")
    keys = list(jwks) if did_document is None else _named_keys(did_document, issuer, kid)
    key = cose.verify_sign1(message, _usable_keys(keys, kid))
    payload = _payload(claims, issuer)
    valid_from, expires_at = (moment(cbor.seconds(claims.get(name))) for name in (_NBF, _EXP))
    if valid_from is None or expires_at is None:
        raise CertificateRefused(Stage.VALIDITY, "time_claim_missing")
    check_times(valid_from=valid_from, expires_at=expires_at, at=at)
    return Verified("NZCP", payload, issuer, key, valid_from, expires_at)


def read(text: str) -> cose.Sign1:
    """Undo prefix and Base32; the COSE_Sign1 must carry tag 18. Nothing is verified.

    Raises:
        CertificateRefused: at stage prefix, encoding, cbor or cose.
    """
    if not text.startswith(PREFIX + VERSION):
        raise CertificateRefused(Stage.PREFIX, "prefix_unknown")
    body = text[len(PREFIX + VERSION) :]
    try:
        data = base64.b32decode(body + "=" * (-len(body) % 8))
    except (binascii.Error, ValueError) as error:
        raise CertificateRefused(Stage.ENCODING, "base32") from error
    item = cbor.decode(data)
    if not isinstance(item, CBORTag) or item.tag != cose.TAG_SIGN1:
        raise CertificateRefused(Stage.COSE, "cose_tag")
    return cose.parse_sign1(data)


def _check_headers(message: cose.Sign1) -> str:
    """The key's id. Algorithm and id stand in the protected header, or nowhere."""
    if message.protected.get(cose.ALG) != cose.ES256:
        raise CertificateRefused(Stage.COSE, "algorithm_unknown")
    kid = message.protected.get(cose.KID)
    if not isinstance(kid, bytes | str):
        raise CertificateRefused(Stage.COSE, "kid_missing")
    return kid if isinstance(kid, str) else kid.decode("utf-8", "replace")


def _named_keys(document: Mapping[str, Any], issuer: str, kid: str) -> list[Mapping[str, Any]]:
    """The JWKs that the document lets assert under this id."""
    name = f"{issuer}#{kid}"
    asserting = document.get("assertionMethod")
    methods = document.get("verificationMethod")
    if document.get("id") != issuer or not isinstance(methods, list):
        raise CertificateRefused(Stage.SIGNATURE, "did_document_of_another_issuer")
    if name not in (asserting if isinstance(asserting, list) else [asserting]):
        raise CertificateRefused(Stage.SIGNATURE, "key_may_not_assert", kid=said(kid))
    return [
        method["publicKeyJwk"]
        for method in methods
        if isinstance(method, Mapping)
        and method.get("id") == name
        and method.get("type") == "JsonWebKey2020"
        and isinstance(method.get("publicKeyJwk"), Mapping)
    ]


def _usable_keys(jwks: Sequence[Mapping[str, Any]], kid: str) -> list[keys.Key]:
    try:
        usable = [
            keys.from_jwk(jwk)
            for jwk in jwks
            if (jwk.get("kty"), jwk.get("crv")) == ("EC", "P-256")
        ]
    except keys.UnusableKey as error:
        raise CertificateRefused(Stage.SIGNATURE, "key_unusable") from error
    if not usable:
        raise CertificateRefused(Stage.SIGNATURE, "key_unknown", kid=said(kid))
    return usable


def _payload(claims: Mapping[Any, Any], issuer: str) -> dict[str, Any]:
    identifier = claims.get(_CTI)
    if not isinstance(identifier, bytes) or len(identifier) != _UUID_BYTES:
        raise CertificateRefused(Stage.CBOR, "cti_not_a_uuid")
    credential = cbor.to_json(claims.get("vc"))
    if not isinstance(credential, dict):
        raise CertificateRefused(Stage.CBOR, "vc_missing")
    types = credential.get("type")
    subject = credential.get("credentialSubject")
    if not isinstance(types, list) or types[:1] != ["VerifiableCredential"] or len(types) < 2:
        raise CertificateRefused(Stage.CBOR, "vc_type")
    if "PublicCovidPass" in types and not (
        isinstance(subject, dict)
        and all(isinstance(subject.get(name), str) and subject[name] for name in _SUBJECT)
    ):
        raise CertificateRefused(Stage.CBOR, "vc_subject")
    return {
        "iss": issuer,
        "nbf": cbor.to_json(claims.get(_NBF)),
        "exp": cbor.to_json(claims.get(_EXP)),
        "jti": uuid.UUID(bytes=identifier).urn,
        "vc": credential,
    }
