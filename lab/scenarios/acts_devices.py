"""Acts of devices that sign what they say: face terminals and gates with keys of their own."""

from typing import Any

from config.kernel import clock
from lab.mock_merchant.client import Client
from lab.scenarios.acting import Facts, acts_of, answered
from lab.scenarios.phone import ask, phone
from lab.scenarios.stage import Stage
from lab.services.face_terminal.terminal import FaceTerminal
from merchants.faces.usecases.judge_terminal import certify_terminal, revoke_terminal

OPERATOR = "operator:lab"


def face_terminal(
    stage: Stage, *, shop: str, serial: str, keep: str, certified: bool = True, owner: str = "owner"
) -> Facts:
    """A shop's owner registers a terminal by its public key; an operator certifies it."""
    device = _device(stage.client(shop), serial)
    stage.kept[keep] = device
    merchant_number = stage.merchant(shop).merchant_number
    stores: Any = phone(stage, owner, "GET", "/api/v1/stores")["results"]
    store = next(row for row in stores if row["merchant_id"] == merchant_number)
    facts = phone(
        stage, owner, "POST", "/api/v1/face-terminals",
        store_id=store["id"], serial=serial, vendor="Lab Vision", public_key=device.public_key,
    )  # fmt: skip
    if certified and "id" in facts:
        stage.kept[f"id of {keep}"] = facts["id"]
        certify_terminal(terminal_id=facts["id"], actor=OPERATOR)
    return facts


def stolen_identity(stage: Stage, *, shop: str, serial: str, keep: str) -> Facts:
    """Somebody builds a device that calls itself like another: its number, another key."""
    stage.kept[keep] = _device(stage.client(shop), serial)
    return {}


def revoke_face_terminal(stage: Stage, *, terminal: str) -> Facts:
    """An operator no longer believes a terminal."""
    row = revoke_terminal(terminal_id=stage.kept[f"id of {terminal}"], actor=OPERATOR)
    return {"state": str(row.state)}


def enrol_face(stage: Stage, *, person: str) -> Facts:
    """Somebody agrees on the phone, with the PIN, to be recognised; no picture goes anywhere."""
    facts = phone(stage, person, "PUT", "/api/v1/face", pin=stage.person(person).pin)
    stage.kept[f"face of {person}"] = facts.get("subject", "")
    return facts


def withdraw_face(stage: Stage, *, person: str) -> Facts:
    """Somebody takes that back on the phone."""
    return phone(stage, person, "DELETE", "/api/v1/face")


def smile(
    stage: Stage, *, terminal: str, person: str, keep: str, liveness: int = 99, phone_of: str = ""
) -> Facts:
    """Somebody looks into a terminal and types a phone number; the token is kept."""
    device: FaceTerminal = stage.kept[terminal]
    facts = device.look(
        subject=stage.kept.get(f"face of {person}", "nobody"),
        phone=stage.person(phone_of or person).phone,
        liveness=liveness,
        at=clock.now(),
    )
    stage.kept[keep] = facts.get("ftoken", "")
    return {"token": bool(stage.kept[keep]), "code": facts.get("code", "")}


def sell_by_face(
    stage: Stage, *, terminal: str, shop: str, token: str, amount: str, order: str
) -> Facts:
    """The terminal takes a payment of whom its token stands for."""
    device: FaceTerminal = stage.kept[terminal]
    return answered(device.sell(stage.number(shop, order), amount, stage.kept[token]))


def agree_by_pin(stage: Stage, *, person: str, shop: str, order: str) -> Facts:
    """Somebody finds on the phone the payment that waits for them, and agrees with the PIN."""
    rows: Any = phone(stage, person, "GET", "/api/v1/payments")["results"]
    number = stage.client(shop).query(out_trade_no=stage.number(shop, order))["trade_no"]
    row = next(row for row in rows if row["number"] == number)
    path = f"/api/v1/payments/{row['payment_id']}/confirm"
    return phone(stage, person, "POST", path, pin=stage.person(person).pin)


def _device(client: Client, serial: str) -> FaceTerminal:
    return FaceTerminal(
        serial, client, lambda path, facts: ask("POST", path, {"host": "localhost"}, facts)
    )


ACTS = acts_of(
    face_terminal, stolen_identity, revoke_face_terminal, enrol_face, withdraw_face, smile,
    sell_by_face, agree_by_pin,
)  # fmt: skip
