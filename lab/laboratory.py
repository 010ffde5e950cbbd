"""The lab's laboratory: registered like any other, it signs what it is asked to.

A real one reports what a sample shows. Ours reports what a lesson needs; everything behind
the signature is the product's own.
"""

import base64
import json
import uuid

from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from config.kernel import clock, ids
from healthcode import public as health
from lab import demo_keys

NAME = "Lab PCR One"
PCR = "94500-6"
_APPROVAL = uuid.UUID("5a0a0000-0000-7000-8000-000000000001")
_RESULTS = {"positive": "260373001", "negative": "260415000"}


def report(*, id_number: str, result: str, status: str = "final", code: str = PCR) -> None:
    """Report a laboratory's result about the bearer of an identity card.

    Args:
        id_number: as the person declared it.
        result: positive or negative.
        status: final, or preliminary.
        code: which test it was (LOINC).

    Raises:
        what receiving a report refuses.
    """
    key = _key()
    jwk = health.jwk_of(key)
    health.register_laboratory(
        name=NAME,
        public_jwk=jwk,
        by_machine=False,
        maker="lab-maker",
        checkers=["lab-checker"],
        approval_id=_APPROVAL,
    )
    content = {
        "resourceType": "Observation",
        "identifier": [{"value": str(ids.uuid7())}],
        "status": status,
        "subject": {"identifier": {"system": "urn:saoma:document:10", "value": id_number}},
        "code": {"coding": [{"system": "http://loinc.org", "code": code}]},
        "effectiveDateTime": clock.now().isoformat(),
        "valueCodeableConcept": {
            "coding": [{"system": "http://snomed.info/sct", "code": _RESULTS[result]}]
        },
    }
    head = {"alg": "ES256", "kid": jwk["kid"]}
    text = ".".join(_base64url(json.dumps(part).encode()) for part in (head, content))
    health.receive_report(signed=f"{text}.{_base64url(health.sign_as(key, text.encode()))}")


def _key() -> EllipticCurvePrivateKey:
    path = demo_keys.folder() / "laboratory.pem"
    if not path.exists():
        path.touch(mode=0o600)
        private_key = generate_private_key(SECP256R1())
        path.write_bytes(
            private_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        )
    key = load_pem_private_key(path.read_bytes(), None)
    if not isinstance(key, EllipticCurvePrivateKey):
        raise TypeError("the laboratory's key is an EC key")
    return key


def _base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
