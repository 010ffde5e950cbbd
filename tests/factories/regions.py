"""Another region's passes, and an agreement with it."""

import secrets
from datetime import timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec

from config.kernel import clock
from config.kernel.approvals.approve import approve_request
from config.kernel.approvals.request import request_approval
from healthcode.codec import cose, sh1
from healthcode.codec.keys import short_kid, to_jwk
from healthcode.passes import queries as passes
from healthcode.passes.tasks import AGREE
from tests.factories.operators import make_checker, make_maker

JIANGSU = "CN-320000"
THEIRS = ec.generate_private_key(ec.SECP256R1())
PHONE = ec.generate_private_key(ec.SECP256R1())
SAME = {"GREEN": "GREEN", "YELLOW": "YELLOW", "RED": "RED"}


def agreed(**changes: Any) -> None:
    """An agreement, by three people."""
    mia = make_maker("mia", AGREE)
    carl, tess = (make_checker(name, AGREE) for name in ("carl", "tess"))
    parameters = {
        "issuer": JIANGSU, "name": "Jiangsu", "keys": [to_jwk(THEIRS.public_key())],
        "colours": SAME, "days": 30, **changes,
    }  # fmt: skip
    request = request_approval(
        action=AGREE, parameters=parameters, reason="mutual recognition",
        maker=mia,
    )  # fmt: skip
    for checker in (carl, tess):
        approve_request(request_id=request.id, checker=checker)
    passes.forget_keys()


def shown(colour: sh1.Colour = sh1.Colour.GREEN, **changes: Any) -> str:
    """A pass of theirs, shown by its phone now."""
    now = clock.now()
    facts: dict[str, Any] = {
        "issuer": JIANGSU, "issued_at": now, "expires_at": now + timedelta(hours=20),
        "cti": secrets.token_bytes(16), "colour": colour, "name_hint": "王*",
        "rule_set": "7plus3-2022-06", "region": "320100", "kind": sh1.Kind.APP,
        "device": PHONE.public_key(), **changes,
    }  # fmt: skip
    kid = short_kid(to_jwk(THEIRS.public_key()))
    data = sh1.issue(sh1.Claims(**facts), kid=kid, signer=cose.es256_signer(THEIRS))
    return sh1.text(sh1.show(data, signer=cose.es256_signer(PHONE), shown_at=now))
