"""Paying by face: only a certified terminal's word of now, once, at one merchant."""

import json
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, SECP384R1
from cryptography.hazmat.primitives.asymmetric.ec import generate_private_key as new_ec_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from pytest_django.fixtures import Settings
from rest_framework.test import APIClient

from config.kernel import clock
from config.kernel.errors import SaomaError
from merchants.faces import models, rules
from merchants.faces.models import FaceEnrolment, FaceTerminal, FaceToken
from merchants.faces.usecases.issue_token import issue_token
from merchants.faces.usecases.judge_terminal import (
    TerminalRevoked,
    certify_terminal,
    revoke_terminal,
)
from merchants.faces.usecases.withdraw_face import withdraw_face
from merchants.onboarding.models import Store
from tests.factories.accounts import PIN, available_minor, client_of, make_user
from tests.factories.clock import advance
from tests.gateway.rows_faces import CUSTOMER, INITIALIZE, TOKEN_QUERY, make_terminal, meta
from tests.gateway.world import Shop, Told, make_shop, new_order
from wallet.accounts.models import WalletUser
from wallet.ledger.usecases.verify_ledger import verify_ledger
from wallet.payments.models import Payment
from wallet.payments.usecases.confirm_payment import confirm_payment

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def pay(shop: Shop, token: str, *, order: str = "", amount: str = "12.00") -> Told:
    """alipay.trade.pay with a face."""
    return shop.ask(
        "alipay.trade.pay",
        out_trade_no=order or new_order(),
        total_amount=amount,
        subject="Chicken",
        scene="security_code",
        auth_code=token,
    )


def refused(said: Any) -> str:
    """The code of what a terminal is told."""
    with pytest.raises(SaomaError) as caught:
        issue_token(assertion=said)
    return caught.value.code


@pytest.mark.parametrize("rsa", [False, True], ids=["P-256", "RSA"])
def test_a_face_pays_once(shop: Shop, buyer: WalletUser, rsa: bool) -> None:
    token, order = make_terminal(shop, rsa=rsa).token(buyer), new_order()
    assert token.startswith("fp")
    paid = pay(shop, token, order=order)
    assert (paid.node["code"], paid.node["buyer_user_id"]) == ("10000", buyer.user_number)
    assert pay(shop, token, order=order).sub_code == "ACQ.TRADE_HAS_SUCCESS"
    assert pay(shop, token).sub_code == "ACQ.PAYMENT_AUTH_CODE_INVALID"
    assert available_minor(buyer) == 988_00
    assert verify_ledger().passed


def test_a_token_lasts_a_minute(shop: Shop, buyer: WalletUser) -> None:
    token = make_terminal(shop).token(buyer)
    advance(seconds=60)
    assert pay(shop, token).sub_code == "ACQ.PAYMENT_AUTH_CODE_INVALID"
    assert shop.ask(TOKEN_QUERY, ftoken=token).sub_code == "FTOKEN_EXPIRED"


def test_a_token_is_worth_nothing_to_another_merchant(shop: Shop, buyer: WalletUser) -> None:
    token = make_terminal(shop).token(buyer)
    other = make_shop("Noodle Bar")
    assert pay(other, token).sub_code == "ACQ.SMILE_PAY_MERCHANT_NOT_MATCH"
    assert other.ask(TOKEN_QUERY, ftoken=token).sub_code == "SMILE_PAY_MERCHANT_NOT_MATCH"
    assert pay(shop, token).node["code"] == "10000"


def test_above_the_limit_the_wallet_asks_for_the_pin(shop: Shop) -> None:
    rich = make_user(balance_minor=50_000_00, kyc_tier=3)
    token, order = make_terminal(shop).token(rich), new_order()
    waiting = pay(shop, token, order=order, amount="1000.01")
    assert waiting.node["code"] == "10003"
    assert pay(shop, token, order=order, amount="1000.01").node["code"] == "10003"
    asked = shop.ask("alipay.trade.query", out_trade_no=order).node
    assert asked["trade_status"] == "WAIT_BUYER_PAY"
    confirm_payment(payment_id=Payment.objects.get().id, payer_id=rich.id, pin=PIN)
    assert available_minor(rich) == 49_000_00 - 1


def test_the_faces_own_limit_leaves_it_to_the_wallet(
    shop: Shop, buyer: WalletUser, settings: Settings
) -> None:
    settings.SAOMA_FACE_LIMIT_MINOR = 10_00
    assert pay(shop, make_terminal(shop).token(buyer)).node["code"] == "10003"


def test_a_terminal_that_is_not_quite_sure_leaves_it_to_the_wallet(
    shop: Shop, buyer: WalletUser
) -> None:
    token = make_terminal(shop).token(buyer, liveness=rules.GOOD_LIVENESS - 1)
    assert pay(shop, token).node["code"] == "10003"
    assert available_minor(buyer) == 1_000_00


def test_too_little_money_is_said_and_another_look_pays(shop: Shop) -> None:
    poor, order = make_user(balance_minor=5_00), new_order()
    terminal = make_terminal(shop)
    short = pay(shop, terminal.token(poor), order=order)
    assert short.sub_code == "ACQ.BUYER_BALANCE_NOT_ENOUGH"
    again = pay(shop, terminal.token(poor), order=order)
    assert again.sub_code == "ACQ.BUYER_BALANCE_NOT_ENOUGH"
    assert available_minor(poor) == 5_00


def test_another_person_cannot_pay_the_same_order(shop: Shop, buyer: WalletUser) -> None:
    poor, order, terminal = make_user(balance_minor=1_00), new_order(), make_terminal(shop)
    pay(shop, terminal.token(poor), order=order)
    assert pay(shop, terminal.token(buyer), order=order).sub_code == "ACQ.TRADE_BUYER_NOT_MATCH"


def test_a_face_asks_for_a_deposit_that_the_pin_grants(shop: Shop, buyer: WalletUser) -> None:
    token = make_terminal(shop).token(buyer)
    asked = {
        "out_order_no": new_order(),
        "out_request_no": "D1",
        "order_title": "Room",
        "amount": "100.00",
        "auth_code": token,
        "auth_code_type": "security_code",
    }
    waiting = shop.ask("alipay.fund.auth.order.freeze", **asked).node
    assert (waiting["code"], waiting["payer_user_id"]) == ("10003", buyer.user_number)
    again = shop.ask("alipay.fund.auth.order.freeze", **asked).node
    assert again["auth_no"] == waiting["auth_no"]
    other = asked | {"out_request_no": "D2", "out_order_no": new_order()}
    refused_ = shop.ask("alipay.fund.auth.order.freeze", **other)
    assert "AUTH_CODE" in refused_.sub_code


def test_asking_about_a_token_does_not_use_it(shop: Shop, buyer: WalletUser) -> None:
    token = make_terminal(shop).token(buyer)
    node = shop.ask(TOKEN_QUERY, ftoken=token, biz_type="1").node
    assert node["uid"] == node["uid_tel_pair_list"][0]["user_id"] == buyer.user_number
    assert pay(shop, token).node["code"] == "10000"


def test_withdrawing_ends_tokens_at_once(shop: Shop, buyer: WalletUser) -> None:
    terminal = make_terminal(shop)
    token = terminal.token(buyer)
    withdraw_face(user_id=buyer.id)
    withdraw_face(user_id=buyer.id)
    assert pay(shop, token).sub_code == "ACQ.PAYMENT_AUTH_CODE_INVALID"
    assert refused(terminal.sees(buyer)) == "face_not_enrolled"


def test_revoking_a_terminal_ends_its_tokens_at_once(shop: Shop, buyer: WalletUser) -> None:
    terminal = make_terminal(shop)
    token, look = terminal.token(buyer), terminal.sees(buyer)
    revoke_terminal(terminal_id=terminal.row.id, actor="operator:mia")
    assert pay(shop, token).sub_code == "ACQ.PAYMENT_AUTH_CODE_INVALID"
    assert refused(look) == "terminal_uncertified"
    asked = shop.ask(CUSTOMER, zimmetainfo=meta(terminal.row.serial))
    assert asked.sub_code == "DEVICE_NOT_CERTIFIED"
    with pytest.raises(TerminalRevoked):
        certify_terminal(terminal_id=terminal.row.id, actor="operator:mia")


def test_a_replayed_assertion_is_refused(shop: Shop, buyer: WalletUser) -> None:
    terminal = make_terminal(shop)
    terminal.token(buyer)
    look = terminal.sees(buyer)
    issue_token(assertion=look)
    assert refused(look) == "assertion_replayed"


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"nonce": "0" * 32}, "assertion_signature_invalid"),
        ({"session": "0" * 32}, "face_session_unknown"),
        ({"terminal": "X"}, "face_session_unknown"),
        ({"subject": "somebody"}, "face_not_enrolled"),
        ({"liveness": 59}, "liveness_low"),
        ({"phone": "+8613999999999"}, "face_phone_mismatch"),
    ],
)
def test_an_assertion_must_be_true_in_every_part(
    shop: Shop, buyer: WalletUser, changed: dict[str, Any], code: str
) -> None:
    terminal = make_terminal(shop)
    terminal.token(buyer)
    assert refused(terminal.sees(buyer, **changed)) == code


def test_a_look_of_another_minute_is_refused(shop: Shop, buyer: WalletUser) -> None:
    terminal = make_terminal(shop)
    terminal.token(buyer)
    late, early = timedelta(seconds=61), timedelta(seconds=-61)
    for away in (late, early):
        look = terminal.sees(buyer, taken_at=clock.now() + away)
        assert refused(look) == "assertion_stale"
    look = terminal.sees(buyer, taken_at=clock.now().replace(tzinfo=None))
    assert refused(look) == "assertion_stale"


def test_a_session_is_over_after_five_minutes(shop: Shop, buyer: WalletUser) -> None:
    terminal = make_terminal(shop)
    terminal.token(buyer)
    look = terminal.sees(buyer)
    advance(minutes=5)
    assert refused(look) == "face_session_unknown"


def test_a_changed_or_foreign_signature_is_refused(shop: Shop, buyer: WalletUser) -> None:
    terminal = make_terminal(shop)
    stranger = make_terminal(make_shop("Noodle Bar"), serial="OTHER")
    terminal.token(buyer)
    look = terminal.sees(buyer)
    for forged in (stranger.signs(look), terminal.signs(look).__class__(**_raised(look))):
        assert refused(forged) == "assertion_signature_invalid"
    assert issue_token(assertion=look)


def _raised(look: Any) -> dict[str, Any]:
    """The assertion with a better score than was signed."""
    facts = {name: getattr(look, name) for name in look.__dataclass_fields__}
    return facts | {"liveness": 100}


def test_a_wrong_phone_number_costs_the_session(shop: Shop, buyer: WalletUser) -> None:
    terminal = make_terminal(shop)
    terminal.token(buyer)
    wrong = terminal.sees(buyer, phone="+8613999999999")
    assert refused(wrong) == "face_phone_mismatch"
    right = terminal.signs(wrong.__class__(**_facts(wrong, phone=buyer.phone)))
    assert refused(right) == "assertion_replayed"


def _facts(look: Any, **changed: Any) -> dict[str, Any]:
    return {name: getattr(look, name) for name in look.__dataclass_fields__} | changed


def test_an_uncertified_terminal_begins_nothing(shop: Shop) -> None:
    terminal = make_terminal(shop, certified=False)
    for method, content in (
        (CUSTOMER, {"zimmetainfo": meta(terminal.row.serial)}),
        (INITIALIZE, {"machine_info": {"deviceId": terminal.row.serial}}),
    ):
        assert shop.ask(method, **content).sub_code == "DEVICE_NOT_CERTIFIED"


def test_a_session_is_told_as_the_device_expects_it(shop: Shop) -> None:
    terminal = make_terminal(shop)
    answer = shop.ask(CUSTOMER, zimmetainfo=meta(terminal.row.serial))
    told = json.loads(answer.node["result"])
    assert len(told["zimId"]) == 32
    assert told["zimInitClientData"].startswith("nonce=")
    fields = shop.ask(INITIALIZE, machine_info={"machineCode": terminal.row.serial}).node
    assert fields["ret_code_sub"] == "SUCCESS"


@pytest.mark.parametrize("text", ["x", "[]", "{}", '{"machineInfo":5}', "[" * 5000])
def test_a_device_must_say_which_it_is(shop: Shop, text: str) -> None:
    assert shop.ask(CUSTOMER, zimmetainfo=text).sub_code == "INVALID_PARAMETER"


def test_no_table_has_room_for_a_face() -> None:
    columns = {
        field.name
        for model in (FaceEnrolment, FaceTerminal, FaceToken, models.FaceSession)
        for field in model._meta.get_fields()
    }
    assert not {"image", "template", "features", "photo", "embedding"} & columns


def test_a_person_switches_it_on_and_off(buyer: WalletUser) -> None:
    client = client_of(buyer)
    assert client.get("/api/v1/face").status_code == 403
    wrong = client.put("/api/v1/face", {"pin": "000000"}, format="json")
    assert (wrong.status_code, wrong.json()["code"]) == (422, "pin_wrong")
    on = client.put("/api/v1/face", {"pin": PIN}, format="json")
    again = client.put("/api/v1/face", {"pin": PIN}, format="json")
    assert on.json() == again.json() == client.get("/api/v1/face").json()
    assert client.delete("/api/v1/face").status_code == 204
    assert client.get("/api/v1/face").status_code == 403
    renewed = client.put("/api/v1/face", {"pin": PIN}, format="json").json()
    assert renewed["subject"] != on.json()["subject"]


def test_a_terminal_hands_in_what_it_saw(shop: Shop, buyer: WalletUser) -> None:
    terminal = make_terminal(shop)
    terminal.token(buyer)
    look = terminal.sees(buyer)
    body = _facts(look, taken_at=look.taken_at.isoformat())
    made = APIClient().post("/api/v1/face-tokens", body, format="json")
    assert made.status_code == 201
    assert pay(shop, made.json()["ftoken"]).node["code"] == "10000"
    assert APIClient().post("/api/v1/face-tokens", body, format="json").status_code == 409
    broken = body | {"taken_at": "now"}
    assert APIClient().post("/api/v1/face-tokens", broken, format="json").status_code == 400


def test_an_owner_registers_terminals_of_their_own_stores(shop: Shop, buyer: WalletUser) -> None:
    terminal = make_terminal(shop)
    owner = client_of(WalletUser.objects.get(id=shop.merchant.owner_id))
    body = {
        "store_id": str(Store.objects.get(merchant=shop.merchant).id),
        "serial": "FT-2",
        "vendor": "Vision",
        "public_key": terminal.row.public_key,
    }
    path = "/api/v1/face-terminals"
    made = owner.post(path, body, format="json")
    assert (made.status_code, made.json()["state"]) == (201, "PENDING")
    assert owner.post(path, body, format="json").json() == made.json()
    assert len(owner.get(path).json()["results"]) == 2
    assert client_of(buyer).post(path, body, format="json").status_code == 404
    curve = new_ec_key(SECP384R1()).public_key()
    weak = curve.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    for key in (weak, "x", "x" * 4000):
        refused_ = owner.post(path, body | {"public_key": key, "serial": "FT-3"}, format="json")
        assert refused_.status_code == 400
    taken = owner.post(path, body | {"public_key": _another_key()}, format="json")
    assert taken.status_code == 409


def _another_key() -> str:
    key = new_ec_key(SECP256R1()).public_key()
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
