"""A carrier's scanner, a locker or a robot: it says where a parcel is, signed with its key.

What it says may start or shorten the buyer's time to confirm. It moves no money: a stolen
scanner can annoy a buyer and pay nobody.
"""

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key

ADDRESS = "/api/v1/logistics/events"
Send = Callable[[str, str, dict[str, str], Mapping[str, Any]], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Scanner:
    """Signs as one app of the carrier's; `send` takes method, address, headers, body."""

    send: Send
    app_id: str
    private_key: str

    def tell(
        self, parcel: str, state: str, occurred_at: str, event_no: str, proof: str = ""
    ) -> dict[str, Any]:
        """Say where a parcel was at a moment; the same number again says nothing new."""
        body = {
            "event_no": event_no,
            "parcel": parcel,
            "state": state,
            "occurred_at": occurred_at,
            "proof": proof,
        }
        key = load_pem_private_key(self.private_key.encode(), None)
        if not isinstance(key, RSAPrivateKey):
            raise TypeError("the carrier's key is not an RSA key")
        signature = key.sign(json.dumps(body).encode(), PKCS1v15(), SHA256())
        headers = {
            "host": "localhost",
            "saoma-app-id": self.app_id,
            "saoma-carrier-signature": base64.b64encode(signature).decode("ascii"),
        }
        return self.send("POST", ADDRESS, headers, body)
