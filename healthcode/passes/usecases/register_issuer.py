"""Let a foreign issuer's certificates count as evidence: three people decide."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from config.kernel import transactions
from healthcode.codec.keys import PublicKey, UnusableKey, from_certificate, from_jwk
from healthcode.decisions.usecases.claim_keys import check_keys, claim_keys
from healthcode.decisions.usecases.register_source import (
    SourceRefused,
    check_name,
    check_not_registered,
    enter_source,
)
from healthcode.decisions.values import SourceKind
from healthcode.passes.models import TrustedIssuer

MAX_KEYS = 50


def check_issuer(
    *, name: str, certificate: str, jwks: object, did_document: object
) -> dict[str, Any]:
    """Check an issuer's name and its one kind of keys; returns them as they are kept.

    Raises:
        SourceRefused: no name, not exactly one usable kind of keys, or in force already.
        KeyOfSomebodyElse: one of the keys is ours or another party's.
    """
    check_name(name)
    if sum(bool(keys) for keys in (certificate, jwks, did_document)) != 1:
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
    keys = _keys_of(certificate, jwks, did_document)
    check_keys(keys, party=f"issuer:{name}", field="certificate")
    issuer = TrustedIssuer.objects.filter(name=name).select_related("registration").first()
    if issuer is not None:
        check_not_registered(issuer.registration)
    return {"certificate": certificate, "jwks": jwks or None, "did_document": did_document or None}


def _keys_of(certificate: str, jwks: object, did_document: object) -> list[PublicKey]:
    """The public keys of an issuer, in whichever form it publishes them."""
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
        keys = [from_jwk(jwk).public for jwk in rows]
    except UnusableKey as error:
        raise SourceRefused(field="did_document") from error
    return keys + ([from_certificate(certificate).public] if certificate else [])


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
        KeyOfSomebodyElse: one of the keys is ours or another party's.
    """
    issuer = TrustedIssuer.objects.filter(registration__approval_id=approval_id).first()
    if issuer is not None:
        return issuer
    keys = check_issuer(name=name, certificate=certificate, jwks=jwks, did_document=did_document)
    claim_keys(
        _keys_of(certificate, jwks, did_document), party=f"issuer:{name}", field="certificate"
    )
    registration = enter_source(
        kind=SourceKind.ISSUER,
        name=name,
        maker=maker,
        checkers=checkers,
        approval_id=approval_id,
    )
    facts = {**keys, "registration": registration}
    return TrustedIssuer.objects.update_or_create(name=name, defaults=facts)[0]
