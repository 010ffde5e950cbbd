"""The lab's face terminals: each shop's first store has one, whose key is in a file.

A real terminal compares a face with the vendor's records and signs what it found. Ours
signs what it is told; everything behind the signature is the product's own.
"""

import base64
import uuid

from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from config.kernel import clock
from config.kernel.errors import required
from lab import demo_keys
from merchants.faces import rules
from merchants.faces.usecases.enrol_face import enrol_face
from merchants.faces.usecases.issue_token import issue_token
from merchants.faces.usecases.judge_terminal import certify_terminal
from merchants.faces.usecases.open_session import open_session
from merchants.faces.usecases.register_terminal import register_terminal
from merchants.faces.values import Assertion
from merchants.onboarding.queries import app_credentials, stores_of
from wallet import public as wallet

VENDOR = "Lab Vision"
OPERATOR = "operator:lab"


def serial(app_number: str) -> str:
    """The number of the terminal of an app's merchant."""
    return f"LAB-{app_number}"


def look(*, app_number: str, user_id: uuid.UUID, pin: str, liveness: int = 99) -> str:
    """Let a shop's terminal recognise somebody; gives the token.

    Raises:
        what enrolling, beginning a session and issuing a token refuse.
    """
    enrolment = enrol_face(user_id=user_id, pin=pin)
    key = _terminal(app_number)
    seller = required(app_credentials(app_number), "the app is one of the lab's")
    opened = open_session(seller=seller, serial=serial(app_number))
    assertion = Assertion(
        session=opened.session,
        nonce=opened.nonce,
        terminal=serial(app_number),
        subject=enrolment.subject,
        liveness=liveness,
        taken_at=clock.now(),
        phone=wallet.user(user_id).phone,
        signature="",
    )
    return issue_token(assertion=signed(assertion, key))


def signed(assertion: Assertion, key: EllipticCurvePrivateKey) -> Assertion:
    """The assertion with the terminal's signature."""
    raw = key.sign(rules.signed_text(assertion), ECDSA(SHA256()))
    facts = {name: getattr(assertion, name) for name in assertion.__dataclass_fields__}
    return Assertion(**{**facts, "signature": base64.b64encode(raw).decode()})


def _terminal(app_number: str) -> EllipticCurvePrivateKey:
    """The terminal's key; the terminal is registered and certified on its first use."""
    path = demo_keys.folder() / f"face_terminal_{app_number}.pem"
    if not path.exists():
        private_key = generate_private_key(SECP256R1())
        path.touch(mode=0o600)
        path.write_bytes(
            private_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        )
    key = load_pem_private_key(path.read_bytes(), password=None)
    assert isinstance(key, EllipticCurvePrivateKey)
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    seller = required(app_credentials(app_number), "the app is one of the lab's")
    store = required(
        stores_of(seller.owner_id).filter(merchant_id=seller.merchant_id).first(),
        "a shop of the lab has a store",
    )
    terminal = register_terminal(
        store_id=store.id,
        owner_id=seller.owner_id,
        serial=serial(app_number),
        vendor=VENDOR,
        public_key=public.decode(),
    )
    certify_terminal(terminal_id=terminal.id, actor=OPERATOR)
    return key
