"""Acts of phones with a passkey: the public API, and a key that never leaves the phone."""

from typing import Any

from django.conf import settings

from lab.mock_merchant.client import Client
from lab.scenarios.acting import Facts, acts_of, answered
from lab.scenarios.phone import phone
from lab.scenarios.stage import Stage
from lab.services.hotel.desk import Desk
from lab.services.passkey.authenticator import Authenticator
from wallet import public as wallet

_CHALLENGES = "/api/v1/challenges"
_PASSKEYS = "/api/v1/passkeys"


def make_passkey(stage: Stage, *, person: str, keep: str, pin: str = "") -> Facts:
    """Somebody makes a passkey on the phone and registers it with the PIN."""
    options = phone(stage, person, "POST", f"{_PASSKEYS}/options")["public_key"]
    device = Authenticator(settings.PUBLIC_URL, options["rp"]["id"])
    facts = phone(
        stage, person, "POST", _PASSKEYS,
        pin=pin or stage.person(person).pin, label="phone", credential=device.make(options),
    )  # fmt: skip
    if "id" in facts:
        stage.kept[keep] = device
        stage.kept[f"id of {keep}"] = facts["id"]
    return facts


def sign_payment(
    stage: Stage, *, person: str, passkey: str, shop: str, order: str, keep: str,
    display: str = "", real: str = "",
) -> Facts:  # fmt: skip
    """A phone signs a payment that waits; with `display` it is made to show another amount."""
    rows: Any = phone(stage, person, "GET", "/api/v1/payments")["results"]
    number = stage.client(shop).query(out_trade_no=stage.number(shop, order))["trade_no"]
    row = next(row for row in rows if row["number"] == number)
    challenge = phone(
        stage, person, "POST", _CHALLENGES, kind="PAYMENT", subject_id=row["payment_id"]
    )
    if "transaction" not in challenge:
        return challenge
    text = str(challenge["transaction"])
    text = text.replace(f'"{real}"', f'"{display}"') if display else text
    stage.kept[keep] = (challenge["id"], stage.kept[passkey].sign(text))
    return {"status": challenge["status"]}


def pay_by_passkey(stage: Stage, *, person: str, signature: str) -> Facts:
    """The signature goes to the wallet: the payment is confirmed, or it is not."""
    challenge_id, credential = stage.kept[signature]
    path = f"{_CHALLENGES}/{challenge_id}/assert"
    return phone(stage, person, "POST", path, credential=credential)


def copy_phone(stage: Stage, *, passkey: str) -> Facts:
    """Somebody restores the phone from an old copy: the key is there, its counter is behind."""
    device: Authenticator = stage.kept[passkey]
    device.counter = 0
    return {"counter": device.counter}


def show_passkey(stage: Stage, *, person: str, passkey: str) -> Facts:
    """How a passkey stands, as its owner sees it."""
    return phone(stage, person, "GET", f"{_PASSKEYS}/{stage.kept[f'id of {passkey}']}")


def revoke_passkey(stage: Stage, *, person: str, passkey: str) -> Facts:
    """Its owner takes a passkey's right to sign away."""
    return phone(stage, person, "DELETE", f"{_PASSKEYS}/{stage.kept[f'id of {passkey}']}")


def passkey_check_in(
    stage: Stage, *, shop: str, person: str, passkey: str, stay: str, amount: str, keep: str
) -> Facts:
    """A guest scans the desk's code for the deposit, and the passkey signs in the PIN's place."""
    desk, number = Desk(stage.client(shop)), stage.number(shop, stay)
    phone(stage, person, "POST", "/api/v1/scans", payload=desk.offer(number, amount))
    rows: Any = phone(stage, person, "GET", "/api/v1/authorisations")["results"]
    subject_id = rows[0]["authorisation_id"]
    challenge = phone(stage, person, "POST", _CHALLENGES, kind="HOLD", subject_id=subject_id)
    stage.kept["check-in"] = (
        challenge["id"],
        stage.kept[passkey].sign(str(challenge["transaction"])),
    )
    confirmed = pay_by_passkey(stage, person=person, signature="check-in")
    standing = desk.standing(number)
    stage.kept[keep] = standing.get("auth_no", "")
    return {
        "status": confirmed["status"],
        "frozen": standing.get("rest_fund_amount"),
        "waived": standing.get("rest_credit_amount"),
    }


def return_umbrellas(stage: Stage, *, shop: str, person: str) -> Facts:
    """A shop gives back all that somebody has paid it: trust earned, no money moved."""
    client = stage.client(shop)
    paid = wallet.payments_of_pair(
        payer_id=stage.person(person).id,
        payee_id=stage.merchant(shop).id,
        after=stage.began_at,
        most=100,
    )
    return {"refused": [code for code in _refunded(client, paid) if code != "10000"]}


def _refunded(client: Client, paid: list[wallet.PaymentView]) -> list[str]:
    return [
        str(answered(client.refund(trade_no=one.number, amount="0.10"))["code"]) for one in paid
    ]


ACTS = acts_of(
    make_passkey, sign_payment, pay_by_passkey, copy_phone, show_passkey, revoke_passkey,
    passkey_check_in, return_umbrellas,
)  # fmt: skip
