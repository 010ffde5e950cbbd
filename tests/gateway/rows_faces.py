"""The rows of the face methods, and terminals that say what they are told to have seen."""

import base64
import dataclasses
import json
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.ec import generate_private_key as new_ec_key
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key as new_rsa_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from config.kernel import clock
from merchants.faces import rules
from merchants.faces.models import FaceEnrolment, FaceTerminal
from merchants.faces.usecases.enrol_face import enrol_face
from merchants.faces.usecases.issue_token import issue_token
from merchants.faces.usecases.judge_terminal import certify_terminal
from merchants.faces.usecases.open_session import open_session
from merchants.faces.usecases.register_terminal import register_terminal
from merchants.faces.usecases.withdraw_face import withdraw_face
from merchants.faces.values import Assertion
from merchants.onboarding.models import Store
from merchants.onboarding.queries import app_credentials
from tests.factories.accounts import PIN
from tests.gateway.rows import OK, Content, Row
from tests.gateway.world import Shop
from wallet.accounts.models import WalletUser

CUSTOMER = "zoloz.authentication.customer.smilepay.initialize"
INITIALIZE = "zoloz.authentication.smilepay.initialize"
TOKEN_QUERY = "zoloz.authentication.customer.ftoken.query"
Key = EllipticCurvePrivateKey | RSAPrivateKey


@dataclass(slots=True)
class Terminal:
    """A terminal with its key."""

    row: FaceTerminal
    key: Key
    shop: Shop

    def sees(self, person: WalletUser, **changed: Any) -> Assertion:
        """What it says of a person who has typed their number."""
        seller = app_credentials(self.shop.app.app_number)
        assert seller is not None
        opened = open_session(seller=seller, serial=self.row.serial)
        enrolment = FaceEnrolment.objects.filter(user_id=person.id).first()
        said = Assertion(
            session=opened.session,
            nonce=opened.nonce,
            terminal=self.row.serial,
            subject=enrolment.subject if enrolment else "nobody",
            liveness=99,
            taken_at=clock.now(),
            phone=person.phone,
            signature="",
        )
        return self.signs(dataclasses.replace(said, **changed))

    def signs(self, said: Assertion) -> Assertion:
        """Put its signature under an assertion."""
        text = rules.signed_text(said)
        if isinstance(self.key, RSAPrivateKey):
            raw = self.key.sign(text, PKCS1v15(), SHA256())
        else:
            raw = self.key.sign(text, ECDSA(SHA256()))
        return dataclasses.replace(said, signature=base64.b64encode(raw).decode())

    def token(self, person: WalletUser, **changed: Any) -> str:
        """A token for an enrolled person."""
        enrol_face(user_id=person.id, pin=PIN)
        return issue_token(assertion=self.sees(person, **changed))


def make_terminal(
    shop: Shop, *, serial: str = "", certified: bool = True, rsa: bool = False
) -> Terminal:
    """A terminal in the shop's store."""
    key: Key = new_rsa_key(65_537, 2048) if rsa else new_ec_key(SECP256R1())
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    row = register_terminal(
        store_id=Store.objects.get(merchant=shop.merchant).id,
        owner_id=shop.merchant.owner_id,
        serial=serial or f"FT-{shop.app.app_number}",
        vendor="Vision",
        public_key=public.decode(),
    )
    if certified:
        row = certify_terminal(terminal_id=row.id, actor="operator:mia")
    return Terminal(row, key, shop)


def meta(serial: str) -> str:
    """What a device's own SDK says of itself."""
    return json.dumps({"deviceType": "android", "machineInfo": {"machineCode": serial}})


def by_meta(shop: Shop, _: WalletUser) -> Content:
    """Begin a session, the device's words in one text."""
    return {"zimmetainfo": meta(make_terminal(shop).row.serial)}


def by_fields(shop: Shop, _: WalletUser) -> Content:
    """Begin a session, the device's words in fields."""
    return {"machine_info": {"machine_code": make_terminal(shop).row.serial}}


def by_token(shop: Shop, buyer: WalletUser) -> Content:
    """A question about a token."""
    return {"ftoken": make_terminal(shop).token(buyer), "biz_type": "1"}


def withdrawn(_: Shop, __: Content) -> None:
    """Everybody withdraws."""
    for enrolment in FaceEnrolment.objects.all():
        withdraw_face(user_id=enrolment.user_id)


UNCERTIFIED = "DEVICE_NOT_CERTIFIED"
EMPTY = "INVALID_PARAMETER"
ROWS = {
    CUSTOMER: Row(
        by_meta,
        OK,
        {},
        None,
        UNCERTIFIED,
        None,
        "ACCESS_FORBIDDEN",
        empty=EMPTY,
        stranger={"zimmetainfo": meta("NEVER")},
    ),
    INITIALIZE: Row(
        by_fields,
        OK,
        {},
        None,
        UNCERTIFIED,
        None,
        "ACCESS_FORBIDDEN",
        empty=EMPTY,
        stranger={"machine_info": {"machineCode": "NEVER"}},
    ),
    TOKEN_QUERY: Row(
        by_token,
        OK,
        {},
        None,
        "FTOKEN_NOT_EXIST",
        "FTOKEN_NOT_EXIST",
        OK,
        empty=EMPTY,
        stranger={"ftoken": "fpnever"},
        spoil=withdrawn,
    ),
}
