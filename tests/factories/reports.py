"""Laboratories' signed reports."""

import json
from typing import Any

from config.kernel import clock
from healthcode.codec import cose
from healthcode.codec.jws import encoded
from healthcode.codec.keys import to_jwk
from tests.factories.certificates import ec_key
from tests.factories.health import Person

JWK = to_jwk(ec_key("laboratory").public_key())


def observation(person: Person, result: str = "260373001", **changes: Any) -> dict[str, Any]:
    """A final NAAT result of now."""
    identity = person.identity
    system = f"urn:saoma:document:{identity.document_type}"
    return {
        "resourceType": "Observation",
        "identifier": [{"value": "R-1"}],
        "status": "final",
        "subject": {"identifier": {"system": system, "value": identity.document_number}},
        "code": {"coding": [{"system": "http://loinc.org", "code": "94500-6"}]},
        "effectiveDateTime": clock.now().isoformat(),
        "valueCodeableConcept": {"coding": [{"system": "http://snomed.info/sct", "code": result}]},
        **changes,
    }


def signed(content: Any, *, key: str = "laboratory", **header: Any) -> str:
    head = {"alg": "ES256", "kid": JWK["kid"], **header}
    text = ".".join(encoded(json.dumps(part).encode()) for part in (head, content))
    return f"{text}.{encoded(cose.es256_signer(ec_key(key))(text.encode()))}"
