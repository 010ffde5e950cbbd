"""Let a foreign issuer's certificates count as evidence: three people decide."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from config.kernel import transactions
from healthcode.codec.keys import Key, UnusableKey, from_certificate, from_jwk
from healthcode.decisions.usecases.register_source import (
    SourceRefused,
    check_name,
    check_not_registered,
    enter_source,
)
from healthcode.decisions.values import SourceKind
from healthcode.passes.models import TrustedIssuer
from healthcode.passes.queries import own_keys

MAX_KEYS = 50


def check_issuer(
    *, name: str, certificate: str, jwks: object, did_document: object
) -> dict[str, Any]:
    """Check an issuer's name and its one kind of keys; returns them as they are kept.

    Raises:
        SourceRefused: no name, not exactly one usable kind of keys, or in force already.
    """
    check_name(name)
    if sum(bool(given) for given in (certificate, jwks, did_document)) != 1:
        raise SourceRefused(field="certificate", reason="one_kind_of_keys")
    try:
        if certificate:
            from_certificate(certificate)
    except (UnusableKey, ValueError) as error:
        raise SourceRefused(field="certificate") from error
    if jwks:
        _check_keys(jwks)
    if did_document and not (
        isinstance(did_document, Mapping) and str(did_document.get("id", "")).startswith("did:")
    ):
        raise SourceRefused(field="did_document")
    _check_strange(name, _points(certificate, jwks, did_document))
    known = TrustedIssuer.objects.filter(name=name).select_related("registration").first()
    if known is not None:
        check_not_registered(known.registration)
    return {"certificate": certificate, "jwks": jwks or None, "did_document": did_document or None}


def _check_strange(name: str, points: set[bytes]) -> None:
    """What we sign ourselves is no foreign word for it, and no issuer has another's keys."""
    others = {_point(from_jwk(jwk)) for jwk in own_keys()}
    for other in TrustedIssuer.objects.exclude(name=name):
        others |= _points(other.certificate, other.jwks, other.did_document)
    if others & points:
        raise SourceRefused(field="certificate", reason="key_of_somebody_else")


def _points(certificate: str, jwks: object, did_document: object) -> set[bytes]:
    """The public keys of an issuer, each in its one spelling."""
    jwk_rows = jwks.get("keys") if isinstance(jwks, Mapping) else None
    methods = did_document.get("verificationMethod") if isinstance(did_document, Mapping) else None
    rows = [
        *(jwk_rows if isinstance(jwk_rows, list) else []),
        *(
            method["publicKeyJwk"]
            for method in (methods if isinstance(methods, list) else [])
            if isinstance(method, Mapping) and isinstance(method.get("publicKeyJwk"), Mapping)
        ),
    ]
    try:
        points = {_point(from_jwk(jwk)) for jwk in rows}
    except UnusableKey as error:
        raise SourceRefused(field="did_document") from error
    return points | ({_point(from_certificate(certificate))} if certificate else set())


def _point(key: Key) -> bytes:
    return key.public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _check_keys(jwks: object) -> None:
    rows = jwks.get("keys") if isinstance(jwks, Mapping) else None
    if not isinstance(rows, list) or not 1 <= len(rows) <= MAX_KEYS:
        raise SourceRefused(field="jwks")
    for jwk in rows:
        if not isinstance(jwk, Mapping) or "d" in jwk:
            raise SourceRefused(field="jwks")
        try:
            from_jwk(jwk)
        except UnusableKey as error:
            raise SourceRefused(field="jwks") from error


@transactions.atomic_retry
def register_issuer(
    *,
    name: str,
    certificate: str = "",
    jwks: object = None,
    did_document: object = None,
    maker: str,
    checkers: Sequence[str],
    approval_id: uuid.UUID,
) -> TrustedIssuer:
    """Take an issuer's certificates as evidence from now on.

    Raises:
        SourceRefused: see `check_issuer`; or fewer than three different people.
    """
    done = TrustedIssuer.objects.filter(registration__approval_id=approval_id).first()
    if done is not None:
        return done
    keys = check_issuer(name=name, certificate=certificate, jwks=jwks, did_document=did_document)
    registration = enter_source(
        kind=SourceKind.ISSUER,
        name=name,
        maker=maker,
        checkers=checkers,
        approval_id=approval_id,
    )
    facts = {**keys, "registration": registration}
    return TrustedIssuer.objects.update_or_create(name=name, defaults=facts)[0]
