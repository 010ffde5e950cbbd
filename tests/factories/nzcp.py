"""NZ passes of our own making."""

import base64
from typing import Any

from healthcode.codec import cbor, cose, keys
from tests.factories.certificates import NOON, ec_key

EXAMPLE_JWK = {
    "kty": "EC",
    "crv": "P-256",
    "x": "zRR-XGsCp12Vvbgui4DD6O6cqmhfPuXMhi1OxPl8760",
    "y": "Iv5SU6FuW-TRYh5_GOrJlcV_gpF_GpFQhCOD8LSk3T0",
}
DID = "did:web:nzcp.covid19.health.nz"


def document(jwk: dict[str, str] = EXAMPLE_JWK, **changes: Any) -> dict[str, Any]:
    method = {"id": f"{DID}#key-1", "type": "JsonWebKey2020", "publicKeyJwk": jwk}
    facts = {"id": DID, "verificationMethod": [method], "assertionMethod": [f"{DID}#key-1"]}
    return {**facts, **changes}


SUBJECT = {"givenName": "Jack", "dob": "1960-04-16"}
CLAIMS: dict[Any, Any] = {
    1: DID,
    4: NOON.timestamp() + 60,
    5: NOON.timestamp(),
    7: bytes(16),
    "vc": {"type": ["VerifiableCredential", "PublicCovidPass"], "credentialSubject": SUBJECT},
}
OWN = keys.to_jwk(ec_key().public_key())
OWN_DOCUMENT = document(OWN)


def made(claims: Any = CLAIMS, protected: dict[int, Any] | None = None) -> str:
    headers = {1: -7, 4: b"key-1"} if protected is None else protected
    signer = cose.es256_signer(ec_key())
    data = cose.sign1(cbor.encode_ordered(claims), protected=headers, signer=signer)
    return "NZCP:/1/" + base64.b32encode(data).decode().rstrip("=")
