"""A gate and a phone that meet without network: neither asks anybody, and both can be trusted.

The phone carries our certificate and signs each tap with a key that never leaves it. The gate
has the issuer's public key and a list of revoked certificates from when it was last online.
It believes both signatures, its own clock, and nothing else; what it saw it uploads later,
each tap under a sequence number of its own.
"""

import base64
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

Ask = Callable[..., dict[str, Any]]
_NAMES = ("id", "public_key", "cap_minor", "not_before", "not_after")
SKEW_S = 120


@dataclass
class RiderPhone:
    """A phone with a key of its own; `count` numbers its taps."""

    key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    certificate: dict[str, Any] = field(default_factory=dict)
    count: int = 0

    def fetch(self, ask: Ask) -> dict[str, Any]:
        """Get our word for a day, while there is a network."""
        raw = base64.b64encode(self.key.public_key().public_bytes_raw()).decode()
        answer = ask("POST", "/api/v1/transit/certificates", public_key=raw)
        if "signature" in answer:
            self.certificate, self.count = answer, 0
        return answer

    def clone(self) -> "RiderPhone":
        """What a thief has who copied everything, the key included."""
        return RiderPhone(self.key, dict(self.certificate), self.count)

    def tap(self, gate: str, direction: str, at: datetime) -> dict[str, Any]:
        """Sign where the phone is, which way it goes, and when; no network is needed."""
        self.count += 1
        name = str(self.certificate.get("id", ""))
        parts = ("saoma-tap-1", name, gate, direction, at.isoformat(), str(self.count))
        signature = base64.b64encode(self.key.sign("\n".join(parts).encode())).decode()
        return {
            "certificate": name,
            "direction": direction,
            "at": at.isoformat(),
            "count": self.count,
            "signature": signature,
        }


@dataclass
class Gate:
    """One gate; `seen` waits for the network."""

    serial: str
    most_minor: int
    issuer_key: str = ""
    revoked: list[str] = field(default_factory=list)
    seen: list[dict[str, Any]] = field(default_factory=list)
    sequence: int = 0

    def prepare(self, ask: Ask) -> None:
        """Before going offline: whom to believe, and whom not."""
        answer = ask("GET", "/api/v1/transit/trust")
        self.issuer_key, self.revoked = answer["issuer_key"], answer["revoked"]

    def pass_through(self, phone: RiderPhone, direction: str, at: datetime) -> str:
        """Let somebody through, or say why not; `at` is the gate's own clock. No network."""
        tap, certificate = phone.tap(self.serial, direction, at), phone.certificate
        refusal = self._refusal(tap, certificate, at)
        if not refusal:
            self.sequence += 1
            self.seen.append({"sequence": self.sequence, **tap})
        return refusal or "OPEN"

    def upload(self, ask: Ask) -> list[dict[str, Any]]:
        """Online again: tell what was seen; what was told stays until it is answered."""
        answer = ask("POST", f"/api/v1/transit/gates/{self.serial}/taps", taps=self.seen)
        return list(answer.get("results", []))

    def _refusal(self, tap: dict[str, Any], certificate: dict[str, Any], at: datetime) -> str:
        if not certificate or not self._is_issued(certificate):
            return "NO_CERTIFICATE"
        if certificate["id"] in self.revoked:
            return "REVOKED"
        if not self._is_current(certificate, at):
            return "EXPIRED"
        if (tap["count"] + 1) // 2 * self.most_minor > certificate["cap_minor"]:
            return "CAP_REACHED"
        parts = ("saoma-tap-1", tap["certificate"], self.serial, tap["direction"], tap["at"])
        text = "\n".join((*parts, str(tap["count"]))).encode()
        return "" if _signed(certificate["public_key"], text, tap["signature"]) else "FORGED"

    def _is_issued(self, certificate: dict[str, Any]) -> bool:
        text = "\n".join(("saoma-transit-1", *(str(certificate[name]) for name in _NAMES)))
        return _signed(self.issuer_key, text.encode(), certificate["signature"])

    @staticmethod
    def _is_current(certificate: dict[str, Any], at: datetime) -> bool:
        begins = datetime.fromisoformat(certificate["not_before"])
        ends = datetime.fromisoformat(certificate["not_after"])
        return begins.timestamp() - SKEW_S <= at.timestamp() <= ends.timestamp()


def _signed(key: str, text: bytes, signature: str) -> bool:
    try:
        public = Ed25519PublicKey.from_public_bytes(base64.b64decode(key))
        public.verify(base64.b64decode(signature), text)
    except (InvalidSignature, ValueError):
        return False
    return True
