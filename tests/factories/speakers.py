"""Speakers for tests, bound by their owners to agreements signed at the real pages."""

import base64
import uuid
from dataclasses import dataclass, replace
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from config.kernel import clock
from merchants.speakers import rules
from merchants.speakers.models import Speaker
from merchants.speakers.usecases.bind_speaker import bind_speaker
from merchants.speakers.values import Spoken, Voice
from tests.factories.accounts import PIN, make_user
from tests.gateway.agreements import signed
from tests.gateway.world import make_shop
from wallet.accounts.models import WalletUser
from wallet.agreements.models import Agreement


@dataclass(frozen=True)
class Kitchen:
    """A bound speaker, its key and its owner."""

    row: Speaker
    key: EllipticCurvePrivateKey
    owner: WalletUser

    def hears(self, amount: str = "9.00", **changes: Any) -> Spoken:
        """Something spoken just now, signed."""
        facts: dict[str, Any] = {
            "speaker_id": self.row.id,
            "request_no": uuid.uuid4().hex,
            "subject": "Eggs",
            "amount": amount,
            "voice": Voice.ADULT,
            "spoken_at": clock.now(),
            "signature": "",
        }
        spoken = Spoken(**(facts | changes))
        raw = self.key.sign(rules.signed_text(spoken), ECDSA(SHA256()))
        return replace(spoken, signature=base64.b64encode(raw).decode())


def public_pem(key: EllipticCurvePrivateKey) -> str:
    """The public half, as an owner binds it."""
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return public.decode()


def make_kitchen(*, daily_minor: int = 100_00, balance_minor: int = 500_00) -> Kitchen:
    """A speaker bound to an agreement of at most 20.00 each time."""
    owner, shop = make_user(balance_minor=balance_minor), make_shop()
    number = signed(shop, owner)
    key = generate_private_key(SECP256R1())
    row = bind_speaker(
        user_id=owner.id,
        pin=PIN,
        agreement_id=Agreement.objects.get(number=number).id,
        serial="KITCHEN-1",
        public_key=public_pem(key),
        daily_minor=daily_minor,
    )
    return Kitchen(row, key, owner)
