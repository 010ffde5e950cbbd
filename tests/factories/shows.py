"""A phone with a pass of its own: it shows the pass as the browser does."""

from dataclasses import dataclass
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric import ec

from config.kernel import clock
from healthcode.codec import base45, cose, sh1
from healthcode.passes.usecases.mint_code import mint_code
from tests.factories.health import Person


@dataclass
class Bearer:
    """A pass bound to a key, and the key."""

    pass_bytes: bytes
    key: ec.EllipticCurvePrivateKey

    def show(self, *, at: datetime | None = None, nonce: bytes = b"") -> str:
        """What its QR code says, by default now."""
        signer = cose.es256_signer(self.key)
        shown_at = at or clock.now()
        return sh1.text(sh1.show(self.pass_bytes, signer=signer, shown_at=shown_at, nonce=nonce))


def make_bearer(person: Person) -> Bearer:
    """A person's phone with a fresh pass under a new key."""
    key = ec.generate_private_key(ec.SECP256R1())
    text = mint_code(subject=person.subject, device_key=key.public_key()).text
    return Bearer(base45.decode(text.removeprefix(sh1.PREFIX)), key)
