"""A code to show how codes look; every verifier refuses it."""

import secrets
from datetime import datetime

from django.conf import settings

from config.kernel import clock
from healthcode.codec import cose, sh1
from healthcode.passes import queries, rules
from healthcode.passes.usecases.rotate_signing_key import ensure_signing_key

NAME = "SPECIMEN"


def mint_specimen() -> tuple[str, datetime]:
    """Sign a specimen: nobody's, of no colour, recorded nowhere. Returns it and its end."""
    now = clock.now().replace(microsecond=0)
    end = now + rules.PASS_LIFE
    key = ensure_signing_key()
    claims = sh1.Claims(
        issuer=settings.SAOMA_HEALTH_ISSUER,
        issued_at=now,
        expires_at=end,
        cti=secrets.token_bytes(sh1.CTI_BYTES),
        colour=sh1.Colour.UNKNOWN,
        name_hint=NAME,
        rule_set="",
        region="000000",
        kind=sh1.Kind.SPECIMEN,
    )
    signer = cose.es256_signer(queries.private_key(key))
    return sh1.text(sh1.issue(claims, kid=bytes.fromhex(key.kid), signer=signer)), end
