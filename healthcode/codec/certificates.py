"""One door for all formats: which one is it, and does it hold?"""

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from healthcode.codec import hc1, nzcp, sh1, shc
from healthcode.codec.claims import Verified
from healthcode.codec.errors import CertificateRefused, Stage
from healthcode.codec.keys import Key, UnusableKey, base64url, from_certificate, from_jwk, short_kid


@dataclass(frozen=True, slots=True)
class Trust:
    """The keys a verifier believes, in the forms in which issuers publish them."""

    certificates: Sequence[str] = ()
    jwks: Sequence[Mapping[str, Any]] = ()
    did_document: Mapping[str, Any] | None = None
    keys: Sequence[Key] = ()


def verify(payload: str, trust: Trust, *, at: datetime) -> Verified:
    """Check any certificate by its prefix.

    Raises:
        CertificateRefused: with the stage that refused; an unknown prefix at `prefix`,
            a trust anchor that is no key at `signature`.
    """
    if payload.startswith("HC"):
        return hc1.verify(payload, _keys(trust), at=at)
    if payload.startswith(("shc:", "eyJ")):
        return shc.verify(payload, trust.jwks, at=at)
    if payload.startswith("NZCP"):
        return nzcp.verify(payload, at=at, did_document=trust.did_document, jwks=trust.jwks)
    if payload.startswith("SH"):
        return sh1.verify(payload, _keys(trust), at=at).verified()
    raise CertificateRefused(Stage.PREFIX, "prefix_unknown")


def _keys(trust: Trust) -> list[Key]:
    try:
        return [
            *trust.keys,
            *(from_certificate(text) for text in trust.certificates),
            *(key for jwk in trust.jwks for key in _jwk_keys(jwk)),
        ]
    except UnusableKey as error:
        raise CertificateRefused(Stage.SIGNATURE, "key_unusable", detail=str(error)) from error


def _jwk_keys(jwk: Mapping[str, Any]) -> list[Key]:
    """A JWK under each id a COSE token may name it by: as text, as bytes, by thumbprint."""
    key = from_jwk(jwk)
    if not key.kid:
        return [key]
    names = [key.kid]
    with contextlib.suppress(ValueError):
        names.append(base64url(key.kid.decode()))
    if jwk.get("kty") == "EC":
        names.append(short_kid(jwk))
    return [Key(key.public, name) for name in names]
