"""HC1: the EU Digital COVID Certificate (HCERT 1.0.8), read and written.

`HC1:` + Base45( zlib( COSE_Sign1( CWT { 1 iss, 4 exp, 6 iat, -260 {1: DCC} } ) ) ).
The signature is checked before the content is looked at.
"""

import base64
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from healthcode.codec import base45, cbor, cose
from healthcode.codec.claims import Verified, check_times, moment
from healthcode.codec.dcc_schema import warnings
from healthcode.codec.errors import CertificateRefused, Stage
from healthcode.codec.inflate import ZLIB, deflate, inflate
from healthcode.codec.keys import Key, named
from healthcode.codec.revocation import fingerprints

PREFIX = "HC1:"
ISS, EXP, IAT, HCERT = 1, 4, 6, -260
_DCC_V1 = 1
_GROUPS = ("v", "t", "r")


def verify(text: str, keys: Sequence[Key], *, at: datetime) -> Verified:
    """Check a certificate against the issuers' keys at one moment.

    A key must carry the id that the certificate names; where it names none, each is
    tried. A key whose certificate is limited to tests, vaccinations or recoveries may
    sign only those.

    Raises:
        CertificateRefused: with the stage that refused.
    """
    message = read(text)
    claims = _claims(message)
    kid = message.kid
    candidates = keys if kid is None else named(keys, kid)
    if not candidates:
        raise CertificateRefused(Stage.SIGNATURE, "key_unknown", kid=kid.hex() if kid else "")
    key = cose.verify_sign1(message, candidates)
    dcc = _dcc(claims)
    issued_at, expires_at = (_time(claims, name) for name in (IAT, EXP))
    check_times(valid_from=issued_at, expires_at=expires_at, at=at, end_included=True)
    _check_key_life(key, at)
    _check_usage(key, dcc)
    issuer = claims.get(ISS)
    name = issuer if isinstance(issuer, str) else ""
    prints = fingerprints(dcc=dcc, issuer=name, alg=message.alg, signature=message.signature)
    return Verified(
        "HC1", dcc, name, key, issued_at, expires_at, notes=warnings(dcc),
        fingerprints=prints, kid=base64.b64encode(kid or key.kid).decode(),
    )  # fmt: skip


def read(text: str) -> cose.Sign1:
    """Undo prefix, Base45 and zlib; nothing is verified.

    Raises:
        CertificateRefused: at stage prefix, encoding, compression, cbor or cose.
    """
    if not text.startswith(PREFIX):
        raise CertificateRefused(Stage.PREFIX, "prefix_unknown")
    return cose.parse_sign1(inflate(base45.decode(text[len(PREFIX) :]), ZLIB))


def _time(claims: Mapping[Any, Any], name: int) -> datetime | None:
    """A time claim, or None where there is none; one that is no time bounds nothing."""
    seconds = cbor.seconds(claims.get(name))
    if seconds is None and claims.get(name) is not None:
        raise CertificateRefused(Stage.VALIDITY, "time_claim_absurd")
    return moment(seconds)


def _claims(message: cose.Sign1) -> Mapping[Any, Any]:
    claims = cbor.decode(message.payload)
    if not isinstance(claims, Mapping):
        raise CertificateRefused(Stage.CBOR, "cwt_not_a_map")
    return claims


def _dcc(claims: Mapping[Any, Any]) -> dict[str, Any]:
    """The certificate inside the claims: a map with at least one entry in one group."""
    hcert = claims.get(HCERT)
    dcc = hcert.get(_DCC_V1) if isinstance(hcert, Mapping) else None
    if not isinstance(dcc, Mapping):
        raise CertificateRefused(Stage.CBOR, "hcert_missing")
    if not any(isinstance(dcc.get(group), list) and dcc[group] for group in _GROUPS):
        raise CertificateRefused(Stage.CBOR, "hcert_empty")
    result: dict[str, Any] = cbor.to_json(dcc)
    return result


def _check_key_life(key: Key, at: datetime) -> None:
    if key.valid_from is not None and at < key.valid_from:
        raise CertificateRefused(Stage.VALIDITY, "signer_not_yet_valid")
    if key.valid_until is not None and at > key.valid_until:
        raise CertificateRefused(Stage.VALIDITY, "signer_expired")


def _check_usage(key: Key, dcc: Mapping[str, Any]) -> None:
    present = {group for group in _GROUPS if dcc.get(group)}
    if key.usages and not present <= key.usages:
        raise CertificateRefused(
            Stage.SIGNATURE, "signer_not_authorised", groups=sorted(present - key.usages)
        )


def issue(
    dcc: Mapping[str, Any],
    *,
    issuer: str,
    kid: bytes,
    signer: cose.Signer,
    issued_at: datetime,
    expires_at: datetime,
) -> str:
    """Write a signed certificate, ES256.

    `dcc` is the content after the DCC schema, `issuer` an ISO 3166-1 alpha-2 code, `kid`
    the first 8 bytes of the SHA-256 of the signer's certificate.
    """
    claims = {
        ISS: issuer,
        EXP: int(expires_at.timestamp()),
        IAT: int(issued_at.timestamp()),
        HCERT: {_DCC_V1: dict(dcc)},
    }
    message = cose.sign1(
        cbor.encode_ordered(claims),
        protected={cose.ALG: cose.ES256, cose.KID: kid},
        signer=signer,
    )
    return PREFIX + base45.encode(deflate(message, ZLIB))
