"""Make health.json: one good string of each format, and what becomes of it when it is bent.

Keys follow from their names and signatures from their message, so nothing here is secret and
the strings are the same on every machine with the same zlib. Run it when a format is added:

    python -m tests.samples.make
"""

import base64
import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from healthcode.codec import base45, cbor, certificates, cose, hc1, keys, sh1, shc
from healthcode.codec.errors import CertificateRefused
from healthcode.codec.inflate import RAW, deflate
from healthcode.codec.jws import encoded

FILE = Path(__file__).with_name("health.json")
AT = datetime(2022, 6, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
DID = "did:web:passes.example"
DCC: dict[str, Any] = {
    "ver": "1.3.0", "dob": "1990-02-14",
    "nam": {"fn": "Zhang", "gn": "San", "fnt": "ZHANG", "gnt": "SAN"},
    "t": [{"tg": "840539006", "tt": "LP6464-4", "tr": "260415000", "sc": "2022-06-01T09:00:00Z",
           "tc": "Test centre 1", "co": "FR", "is": "Ministry",
           "ci": "URN:UVCI:01:FR:T5DWTJYS4ZR8#4"}],
}  # fmt: skip
HOLDER = {"givenName": "Jack", "familyName": "Sparrow", "dob": "1960-04-16"}
VC = {"type": ["VerifiableCredential", "PublicCovidPass"], "credentialSubject": HOLDER}


def key(name: str) -> ec.EllipticCurvePrivateKey:
    """The P-256 key that follows from a name."""
    number = int.from_bytes(hashlib.sha256(name.encode()).digest()) >> 1
    return ec.derive_private_key(number, ec.SECP256R1())


def signer(name: str) -> cose.Signer:
    """Sign by RFC 6979: the same message has the same signature."""

    def sign(message: bytes) -> bytes:
        scheme = ec.ECDSA(hashes.SHA256(), deterministic_signing=True)
        r, s = decode_dss_signature(key(name).sign(message, scheme))
        return r.to_bytes(32) + s.to_bytes(32)

    return sign


JWK = keys.to_jwk(key("issuer").public_key())
KID = keys.short_kid(JWK)


def eu() -> str:
    """An EU test certificate."""
    return hc1.issue(
        DCC, issuer="FR", kid=KID, signer=signer("issuer"), issued_at=AT, expires_at=AT + 24 * HOUR
    )


def card(text: str | None = None) -> str:
    """A SMART Health Card, by default with a minimal bundle."""
    vc = {
        "type": [shc.HEALTH_CARD],
        "credentialSubject": {"fhirVersion": "4.0.1", "fhirBundle": {"resourceType": "Bundle"}},
    }
    facts = {"iss": "https://lab.example", "nbf": int(AT.timestamp()), "vc": vc}
    payload = (text or json.dumps(facts, separators=(",", ":"))).encode()
    header = json.dumps({"alg": "ES256", "zip": "DEF", "kid": JWK["kid"]}, separators=(",", ":"))
    signed = f"{encoded(header.encode())}.{encoded(deflate(payload, RAW))}"
    jws = f"{signed}.{encoded(signer('issuer')(signed.encode()))}"
    return shc.PREFIX + "".join(f"{ord(character) - 45:02d}" for character in jws)


def nz() -> str:
    """An NZ pass."""
    claims = {
        1: DID,
        5: int(AT.timestamp()),
        4: int((AT + HOUR).timestamp()),
        "vc": VC,
        7: bytes(16),
    }
    data = cose.sign1(
        cbor.encode_ordered(claims), protected={4: b"key-1", 1: -7}, signer=signer("issuer")
    )
    return "NZCP:/1/" + base64.b32encode(data).decode().rstrip("=")


def own(**changes: Any) -> bytes:
    """A pass of our own."""
    claims = sh1.Claims(
        issuer="CN-330100", issued_at=AT, expires_at=AT + 24 * HOUR, cti=bytes(range(16)),
        colour=sh1.Colour.GREEN, name_hint="张*", rule_set="hangzhou-2020-02", region="330100",
        kind=sh1.Kind.APP, birth="0214", device=key("device").public_key(),
    )  # fmt: skip
    return sh1.issue(replace(claims, **changes), kid=KID, signer=signer("issuer"))


def shown() -> str:
    """The same, shown by its phone."""
    return sh1.text(sh1.show(own(), signer=signer("device"), shown_at=AT))


def strings() -> Iterator[tuple[str, str, datetime]]:
    """Each string by name, and when it is looked at."""
    good = {"hc1": eu(), "shc": card(), "nzcp": nz(), "sh1": sh1.text(own()), "sh1 shown": shown()}
    for name, text in good.items():
        yield name, text, AT + timedelta(seconds=30)
        yield f"{name}, after its end", text, AT + 9000 * HOUR
        yield f"{name}, cut short", text[:-9], AT
        yield f"{name}, of another version", text.replace("1", "2", 1), AT
    yield "shc, with a byte order mark", card("\ufeff{}"), AT
    yield "shc, a name twice", card('{"iss":"https://a.example","iss":"https://b.example"}'), AT
    yield "sh1, a specimen", sh1.text(own(kind=sh1.Kind.SPECIMEN)), AT
    yield "sh1, shown with the signature of another phone", _stolen(), AT
    yield "sh1, no CBOR", sh1.PREFIX + base45.encode(b"\xff"), AT


def _stolen() -> str:
    return sh1.text(sh1.show(own(), signer=signer("thief"), shown_at=AT))


def verdict(text: str, at: datetime) -> dict[str, Any]:
    """What the product says of a string."""
    method = {"id": f"{DID}#key-1", "type": "JsonWebKey2020", "publicKeyJwk": JWK}
    document = {"id": DID, "verificationMethod": [method], "assertionMethod": [f"{DID}#key-1"]}
    try:
        result = certificates.verify(
            text, certificates.Trust(jwks=[JWK], did_document=document), at=at
        )
    except CertificateRefused as refused:
        return {"stage": refused.stage.value, "reason": refused.reason}
    return {"payload": result.payload}


if __name__ == "__main__":
    cases = [
        {"name": name, "text": text, "at": at.isoformat(), **verdict(text, at)}
        for name, text, at in strings()
    ]
    FILE.write_text(json.dumps(cases, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
