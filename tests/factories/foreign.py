"""Certificates of other countries, signed now."""

from datetime import date, timedelta
from typing import Any

from config.kernel import clock
from healthcode.codec import cose, hc1, keys
from tests.factories.certificates import certificate, ec_key

BORN = date(1990, 2, 14)


def dsc() -> bytes:
    """A signer's certificate that is valid now."""
    now = clock.now().replace(microsecond=0, second=0, minute=0, hour=0)
    return certificate(
        ec_key("dsc"), valid_from=now - timedelta(days=9), valid_until=now + timedelta(days=9)
    )


def negative_test(**changes: Any) -> str:
    """An EU test certificate of somebody born on BORN."""
    now = clock.now()
    row = {"tg": "840539006", "tt": "LP6464-4", "tr": "260415000", "co": "FR",
           "sc": (now - timedelta(minutes=1)).isoformat()}  # fmt: skip
    dcc = {"ver": "1.3.0", "nam": {"fnt": "ZHANG"}, "dob": "1990-02-14", "t": [row], **changes}
    return hc1.issue(
        dcc, issuer="FR", kid=keys.from_certificate(dsc()).kid,
        signer=cose.es256_signer(ec_key("dsc")),
        issued_at=now - timedelta(minutes=1), expires_at=now + timedelta(days=1),
    )  # fmt: skip
