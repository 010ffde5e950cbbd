"""An authenticator in software: WebAuthn with ES256, attestation "none".

A real one asks for a finger or a face before it signs and keeps its key in hardware. This one
does what its program says; what it makes, and how that is judged, is the product's own.
"""

import base64
import hashlib
import json
import secrets
from typing import Any, Final

import cbor2
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.hashes import SHA256

# Flags of the authenticator's data: somebody was there, was verified, and a key is enclosed.
_PRESENT: Final = 0x01
_VERIFIED: Final = 0x04
_ENCLOSED: Final = 0x40
Json = dict[str, Any]


def as_text(raw: bytes) -> str:
    """Bytes as WebAuthn's JSON writes them: base64url without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


class Authenticator:
    """One key on one device, with a counter that rises at every signature.

    `origin` is the page that asks; `host` whom the key is for.
    """

    def __init__(self, origin: str, host: str) -> None:
        self.origin, self.host = origin, host
        self.counter = 0
        self.verifies = True
        self.credential = as_text(secrets.token_bytes(16))
        self._key: EllipticCurvePrivateKey = generate_private_key(SECP256R1())

    def make(self, options: Json) -> Json:
        """Make the passkey that the options of `POST /api/v1/passkeys/options` ask for."""
        attestation = {"fmt": "none", "attStmt": {}, "authData": self._data(self._enclosed())}
        client = self._client("webauthn.create", options["challenge"])
        return self._credential(
            clientDataJSON=as_text(client), attestationObject=as_text(cbor2.dumps(attestation))
        )

    def sign(self, transaction: str) -> Json:
        """Sign a transaction as it was shown: its hash is the challenge."""
        self.counter += 1
        challenge = as_text(hashlib.sha256(transaction.encode()).digest())
        client = self._client("webauthn.get", challenge)
        data = self._data()
        signature = self._key.sign(data + hashlib.sha256(client).digest(), ECDSA(SHA256()))
        return self._credential(
            clientDataJSON=as_text(client),
            authenticatorData=as_text(data),
            signature=as_text(signature),
        )

    def _enclosed(self) -> bytes:
        """The new key: no make (AAGUID), the credential's name, the public key in COSE."""
        point = self._key.public_key().public_numbers()
        public = {1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32), -3: point.y.to_bytes(32)}
        name = base64.urlsafe_b64decode(self.credential + "==")
        return bytes(16) + len(name).to_bytes(2) + name + cbor2.dumps(public)

    def _data(self, enclosed: bytes = b"") -> bytes:
        """Whom it is for, what was checked, and how often the key has signed."""
        flags = _PRESENT | (_VERIFIED if self.verifies else 0) | (_ENCLOSED if enclosed else 0)
        host = hashlib.sha256(self.host.encode()).digest()
        return host + bytes([flags]) + self.counter.to_bytes(4) + enclosed

    def _client(self, kind: str, challenge: str) -> bytes:
        """What the browser adds: the ceremony, the challenge, and the page that asked."""
        facts = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return json.dumps(facts).encode()

    def _credential(self, **response: str) -> Json:
        name = self.credential
        return {"id": name, "rawId": name, "type": "public-key", "response": response}
