"""`manage.py verify_certificates`: HC1, SMART Health Cards, NZCP and SH1, JSON lines."""

import sys
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand

from config.kernel import clock
from healthcode.codec import certificates, shc
from healthcode.codec.certificates import Trust
from healthcode.codec.claims import Verified
from healthcode.codec.errors import CertificateRefused
from healthcode.passes import queries
from healthcode.rules.jsonlines import answer_lines

TRUST = ("certificate", "certificates", "jwk", "jwks", "did_document")


def answer(request: dict[str, Any]) -> dict[str, Any]:
    """`{"payload", "certificate"|"jwk"|"jwks"|"did_document", "at"?}` → what came of it.

    `{"ok", "stage", "error", "payload"}`; where it holds, `stage` and `error` are null.
    Without a trust anchor an SH1 code is checked against this installation's own keys.
    """
    try:
        at = _moment(request.get("at"))
        certificate = _verified(request, at)
    except CertificateRefused as refused:
        return _failed(refused.stage.value, _detail(refused))
    except (TypeError, ValueError, AttributeError) as error:
        return _failed(None, f"input: {error}")
    return {"ok": True, "stage": None, "error": None, "payload": certificate.payload}


def _verified(request: dict[str, Any], at: datetime) -> Verified:
    payload = request.get("payload", "")
    trust = _trust(request)
    if isinstance(payload, str) and payload.startswith(shc.PREFIX) and len(payload.split()) > 1:
        payload = payload.split()
    if isinstance(payload, list):
        if not all(isinstance(chunk, str) for chunk in payload):
            raise TypeError("a chunk is not text")
        return shc.verify(payload, trust.jwks, at=at)
    if not isinstance(payload, str):
        raise TypeError("payload is neither text nor a list of chunks")
    return certificates.verify(payload, trust, at=at)


def _trust(request: dict[str, Any]) -> Trust:
    listed = [
        *_listed(request.get("certificate")),
        *_listed(request.get("certificates")),
    ]
    jwks = [*_listed(request.get("jwk")), *_keys(request.get("jwks"))]
    document = request.get("did_document")
    if document is not None and not isinstance(document, dict):
        raise TypeError("did_document is not an object")
    if not all(isinstance(text, str) for text in listed):
        raise TypeError("a certificate is not text")
    if not all(isinstance(jwk, dict) for jwk in jwks):
        raise TypeError("a JWK is not an object")
    own = not any(name in request for name in TRUST)
    keys = queries.trusted_keys() if own and str(request.get("payload")).startswith("SH1") else ()
    return Trust(certificates=listed, jwks=jwks, did_document=document, keys=keys)


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return list(value) if isinstance(value, list) else [value]


def _keys(value: Any) -> list[Any]:
    """Keys of a JWK set, or of a plain list."""
    return _listed(value.get("keys") if isinstance(value, dict) else value)


def _moment(text: Any) -> datetime:
    if text is None:
        return clock.now()
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _detail(refused: CertificateRefused) -> str:
    facts = {
        name: value for name, value in refused.fields.items() if name not in ("stage", "reason")
    }
    return ", ".join([refused.reason, *(f"{name}={value}" for name, value in facts.items())])


def _failed(stage: str | None, error: str) -> dict[str, Any]:
    return {"ok": False, "stage": stage, "error": error, "payload": None}


class Command(BaseCommand):
    """Verify one certificate a line."""

    help = 'Reads {"payload", "certificate"|"jwk"|"jwks"|"did_document", "at"} a line.'

    def handle(self, *args: Any, **options: Any) -> None:
        """Answer until the input ends."""
        answer_lines(sys.stdin, sys.stdout, answer)
