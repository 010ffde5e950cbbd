"""One door for all formats: which one is it, and does it hold?"""

import contextlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
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
    """Check any certificate by its prefix; blanks and line ends around it are the scanner's.

    Raises:
        CertificateRefused: with the stage that refused; an unknown prefix at `prefix`,
            a trust anchor that is no key at `signature`.
    """
    payload = payload.strip(sh1.AROUND)
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
    """All keys that can be used; one that cannot does not spoil a list of them."""
    readers: list[Callable[[], list[Key]]] = [
        *(partial(_certificate_keys, text) for text in trust.certificates),
        *(partial(_jwk_keys, jwk) for jwk in trust.jwks),
    ]
    keys, unusable = list(trust.keys), None
    for read in readers:
        try:
            keys += read()
        except UnusableKey as error:
            unusable = error
    if unusable is not None and not keys:
        raise CertificateRefused(
            Stage.SIGNATURE, "key_unusable", detail=str(unusable)
        ) from unusable
    return keys


def _certificate_keys(text: str) -> list[Key]:
    return [from_certificate(text)]


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
