"""A till with a camera. Its word is worth what its key is: no key, no session, no token.

A real one compares a face with its vendor's records; this one is told whom it sees. What it
signs, and how it is believed, is the product's own.
"""

import base64
from collections.abc import Callable
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from lab.mock_merchant.client import Answer, Client

TOKENS = "/api/v1/face-tokens"
_ORDER = ("session", "nonce", "terminal", "subject", "liveness", "taken_at", "phone")
Post = Callable[[str, dict[str, Any]], dict[str, Any]]


class FaceTerminal:
    """One device: its serial number and its key, which never leaves it.

    `post` sends JSON to the public API and gives the answer's fields with its `status`.
    """

    def __init__(self, serial: str, client: Client, post: Post) -> None:
        self.serial = serial
        self.client = client
        self._post = post
        self._key: EllipticCurvePrivateKey = generate_private_key(SECP256R1())

    @property
    def public_key(self) -> str:
        """What its owner registers, in PEM."""
        public = self._key.public_key()
        return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()

    def look(self, *, subject: str, phone: str, liveness: int, at: datetime) -> dict[str, Any]:
        """Look at somebody who typed a phone number; gives `ftoken`, or the refusal's `code`."""
        began = self.client.call(
            "zoloz.authentication.smilepay.initialize", machine_info={"deviceId": self.serial}
        )
        if not began.succeeded:
            return {"code": began.sub_code or began.code}
        facts = {
            "session": began["zim_id"],
            "nonce": str(began["zim_init_client_data"]).removeprefix("nonce="),
            "terminal": self.serial,
            "subject": subject,
            "liveness": liveness,
            "taken_at": at.isoformat(),
            "phone": phone,
        }
        return self._post(TOKENS, {**facts, "signature": self.signed(facts)})

    def signed(self, facts: dict[str, Any]) -> str:
        """The device's signature: one line a fact, in the order that everybody has agreed on."""
        lines = ["saoma-face-1", *(str(facts[name]) for name in _ORDER)]
        raw = self._key.sign("".join(f"{line}\n" for line in lines).encode(), ECDSA(SHA256()))
        return base64.b64encode(raw).decode()

    def sell(self, order: str, amount: str, token: str) -> Answer:
        """Take a payment of whom the token stands for; 10003 says that the phone must agree."""
        return self.client.call(
            "alipay.trade.pay",
            out_trade_no=order,
            total_amount=amount,
            subject=order,
            scene="security_code",
            auth_code=token,
        )
