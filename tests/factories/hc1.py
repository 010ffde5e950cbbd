"""EU certificates of our own making."""

import base64
from datetime import timedelta
from typing import Any

from healthcode.codec import cose, hc1, keys
from tests.factories.certificates import NOON, certificate, ec_key

DER = certificate(ec_key())
BASE64 = base64.b64encode(DER).decode()
KEY = keys.from_certificate(DER)
SIGNER = cose.es256_signer(ec_key())
DCC: dict[str, Any] = {"ver": "1.3.0", "nam": {"fnt": "ZHANG"}, "dob": "1990", "t": [{"tg": "1"}]}
DAY = timedelta(days=1)


def issued(dcc: dict[str, Any] = DCC, **changes: Any) -> str:
    facts = {
        "issuer": "CN",
        "kid": KEY.kid,
        "signer": SIGNER,
        "issued_at": NOON,
        "expires_at": NOON + DAY,
    }
    return hc1.issue(dcc, **{**facts, **changes})
