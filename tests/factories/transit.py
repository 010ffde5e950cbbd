"""A metro with two gates, phones that ride, and what the gates saw."""

import base64
from dataclasses import dataclass, field
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from merchants.transit import rules
from merchants.transit.models import Tap, TransitCertificate
from merchants.transit.usecases.equip import issue_certificate, register_gate, set_operator
from merchants.transit.usecases.take_upload import take_upload
from merchants.transit.values import Direction, Fares, TapReport
from tests.factories.merchants import make_app
from tests.factories.settlement import make_merchant, noon
from wallet.accounts.models import WalletUser

WEST, EAST = "west", "east"


class Metro:
    """An operator: 2.00 to begin, 1.00 a stop, 9.00 at most; two gates two stops apart."""

    def __init__(self) -> None:
        noon()
        self.merchant = make_merchant()
        operator = set_operator(
            app_number=make_app(self.merchant).app_number,
            owner_id=self.merchant.owner_id,
            fares=Fares(2_00, 1_00, 9_00),
        )
        for stop, serial in ((0, WEST), (2, EAST)):
            register_gate(operator=operator, serial=serial, station=serial, stop=stop)

    def upload(self, gate: str, *taps: TapReport) -> list[Tap]:
        """Let a gate tell what it saw."""
        return take_upload(serial=gate, owner_id=self.merchant.owner_id, taps=taps)


@dataclass
class Rider:
    """A person with a certificate on a phone."""

    user: WalletUser
    key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)

    def __post_init__(self) -> None:
        self.certificate = self.renew()

    def renew(self) -> TransitCertificate:
        """Fetch a certificate for the phone's key."""
        raw = self.key.public_key().public_bytes_raw()
        return issue_certificate(user_id=self.user.id, public_key=base64.b64encode(raw).decode())

    def tap(self, gate: str, way: Direction, at: datetime, *, sequence: int = 1) -> TapReport:
        """A tap as the gate stores it."""
        name = str(self.certificate.id)
        text = rules.tap_text(certificate=name, gate=gate, direction=way, at=at, count=sequence)
        signature = base64.b64encode(self.key.sign(text)).decode()
        return TapReport(sequence, name, way, at, sequence, signature)
