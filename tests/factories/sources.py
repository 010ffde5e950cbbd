"""Registered sources of evidence, by the real use cases."""

import uuid
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec

from healthcode.codec.keys import to_jwk
from healthcode.decisions.models import Laboratory
from healthcode.decisions.usecases.register_source import register_laboratory
from healthcode.passes.models import TrustedIssuer
from healthcode.passes.usecases.register_issuer import register_issuer
from tests.factories.reports import JWK

# Of an issuer of cards; whoever shares a key with a laboratory is refused.
CARDS_JWK = to_jwk(ec.generate_private_key(ec.SECP256R1()).public_key())


def make_laboratory(name: str = "PCR One", **changes: Any) -> Laboratory:
    """A laboratory that two operators registered."""
    facts: dict[str, Any] = {
        "public_jwk": JWK, "by_machine": False, "maker": "mia", "checkers": ["carl"],
        "approval_id": uuid.uuid4(),
    }  # fmt: skip
    return register_laboratory(name=name, **{**facts, **changes})


def make_issuer(name: str, **keys: Any) -> TrustedIssuer:
    """A foreign issuer that three operators trust."""
    return register_issuer(
        name=name, maker="mia", checkers=["carl", "cleo"], approval_id=uuid.uuid4(), **keys
    )
