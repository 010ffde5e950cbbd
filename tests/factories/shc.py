"""SMART Health Cards of our own making."""

import json
from typing import Any

from healthcode.codec import cose, keys, shc
from healthcode.codec.inflate import RAW, deflate
from healthcode.codec.jws import encoded
from tests.factories.certificates import NOON, ec_key

OWN = keys.to_jwk(ec_key().public_key())


PATIENT = {
    "resourceType": "Patient", "birthDate": "1990-02-14",
    "name": [{"family": "Zhang", "given": ["San"]}],
}  # fmt: skip


def issued(*resources: dict[str, Any]) -> str:
    """A card of a bundle: of somebody's, or of these resources."""
    entries = [{"resource": resource} for resource in resources or (PATIENT,)]
    return shc.issue(
        {"resourceType": "Bundle", "entry": entries},
        issuer="https://lab.example",
        types=["https://smarthealth.cards#covid19"],
        private=ec_key(),
        issued_at=NOON,
    )


def chunks(card: str, size: int = 400) -> list[str]:
    digits = card.removeprefix("shc:/")
    parts = [digits[start : start + size] for start in range(0, len(digits), size)]
    return [f"shc:/{number}/{len(parts)}/{part}" for number, part in enumerate(parts, 1)]


def made(payload: Any, header: dict[str, Any] | None = None) -> str:
    """A JWS of any payload, well signed."""
    head = {"alg": "ES256", "zip": "DEF", "kid": OWN["kid"], **(header or {})}
    body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    signed = f"{encoded(json.dumps(head).encode())}.{encoded(deflate(body, RAW))}"
    return f"{signed}.{encoded(cose.es256_signer(ec_key())(signed.encode()))}"


def card(**changes: Any) -> dict[str, Any]:
    vc = {"type": [shc.HEALTH_CARD]}
    return {"iss": "https://lab.example", "nbf": NOON.timestamp(), "vc": vc, **changes}
