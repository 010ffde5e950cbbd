"""A speaker in a kitchen. It hears, guesses whose voice it was, signs, and asks nobody to pay.

Whether a voice may spend is not the speaker's to say: the caps are the owner's, and above
them the owner's phone decides.
"""

import base64
from collections.abc import Callable
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

ORDERS = "/api/v1/spoken-orders"
PRICES = {"eggs": "9.00", "rice cooker": "90.00", "milk": "12.00", "toy": "30.00"}
_ORDER = ("speaker", "request_no", "subject", "amount", "voice", "spoken_at")


class Speaker:
    """One device: its serial number, its key, and the id it was bound under.

    `post` sends JSON to the public API and gives the answer's fields with its `status`.
    """

    def __init__(self, serial: str, post: Callable[[str, dict[str, Any]], dict[str, Any]]) -> None:
        self.serial, self.bound_as = serial, ""
        self._post = post
        self._key = generate_private_key(SECP256R1())

    @property
    def public_key(self) -> str:
        """What its owner binds, in PEM."""
        public = self._key.public_key()
        return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()

    def order(self, item: str, *, voice: str, request: str, at: datetime) -> dict[str, Any]:
        """Somebody says "buy …": sign it and send it."""
        return self.send(self.signed_order(item, voice=voice, request=request, at=at))

    def signed_order(self, item: str, *, voice: str, request: str, at: datetime) -> dict[str, Any]:
        """What was heard, signed; the price is the shop's."""
        facts = {
            "speaker": self.bound_as,
            "request_no": request,
            "subject": item,
            "amount": PRICES[item],
            "voice": voice,
            "spoken_at": at.isoformat(),
        }
        lines = ["saoma-voice-1", *(facts[name] for name in _ORDER)]
        raw = self._key.sign("".join(f"{line}\n" for line in lines).encode(), ECDSA(SHA256()))
        return facts | {"signature": base64.b64encode(raw).decode()}

    def send(self, facts: dict[str, Any]) -> dict[str, Any]:
        """Send what was signed."""
        return self._post(ORDERS, facts)
