"""The payments API as a phone uses it: codes, payments, confirmations, transfers."""

import uuid
from typing import Any

import pytest
from rest_framework.test import APIClient

from config.kernel import clock
from tests.factories.accounts import PIN, available_minor, client_of, make_user, post
from tests.factories.payments import Shop, make_order, make_paid, make_phone, pay
from wallet.accounts.models import WalletUser
from wallet.payments.usecases.create_payment import create_payment
from wallet.payments.usecases.refund_payment import refund_payment
from wallet.payments.values import PayeeKind, PayRequest, PayResult
from wallet.qr.paycode import compose_offline, one_time_password, step_at

pytestmark = pytest.mark.django_db


@pytest.fixture
def payer() -> WalletUser:
    return make_user(balance_minor=5_000_00)


@pytest.fixture
def client(payer: WalletUser) -> APIClient:
    return client_of(payer)


@pytest.fixture
def shop() -> Shop:
    return Shop()


def get(client: APIClient, path: str) -> Any:
    return client.get(f"/api/v1/{path}")


def test_a_fresh_code_pays(client: APIClient, shop: Shop) -> None:
    answer = post(client, "payment-codes", {})
    assert answer.status_code == 201
    assert pay(shop, answer.json()["code"]).outcome is PayResult.PAID


def test_a_fresh_code_is_given_again_for_the_same_key(client: APIClient) -> None:
    first, again = (post(client, "payment-codes", {}, key="K") for _ in range(2))
    assert first.json() == again.json()
    assert again.headers["Idempotency-Replayed"] == "true"


def test_a_phone_makes_its_codes_from_what_it_is_given(shop: Shop) -> None:
    phone = make_phone()
    answer = post(
        client_of(phone.user), "payment-codes/aliases", {"device_id": str(phone.device.id)}
    )
    body = answer.json()
    assert (answer.status_code, len(body["aliases"]), body["step_s"]) == (201, 10, 30)
    alias = body["aliases"][0]["alias"]
    otp = one_time_password(phone.key, alias, step_at(clock.now().timestamp()))
    code = compose_offline(prefix=body["prefix"], alias=alias, otp=otp)
    assert pay(shop, code).outcome is PayResult.PAID


def test_aliases_are_for_ones_own_device(client: APIClient) -> None:
    stranger = make_phone()
    answer = post(client, "payment-codes/aliases", {"device_id": str(stranger.device.id)})
    assert (answer.status_code, answer.json()["code"]) == (403, "device_not_permitted")


def test_payments_are_listed_in_pages_newest_first(client: APIClient, payer: WalletUser) -> None:
    made = [make_order(Shop(), payer_id=payer.id) for _ in range(3)]
    make_order(Shop(), payer_id=make_user().id)
    first = get(client, "payments?page_size=2").json()
    assert [row["payment_id"] for row in first["results"]] == [
        str(made[2].id),
        str(made[1].id),
    ]
    second = client.get(first["next"]).json()
    assert [row["number"] for row in second["results"]] == [made[0].number]


def test_a_payment_shows_its_side_its_money_and_its_refunds(
    client: APIClient, payer: WalletUser, shop: Shop
) -> None:
    paid = make_paid(shop, make_phone(payer))
    refund_payment(payment_id=paid.id, request_no="R1", amount_minor=2_00, reason="cold")
    body = get(client, f"payments/{paid.id}").json()
    assert (body["role"], body["status"], body["amount"], body["refunded"]) == (
        "payer",
        "PAID",
        "12.00",
        "2.00",
    )
    assert [(r["amount"], r["reason"]) for r in body["refunds"]] == [("2.00", "cold")]
    assert body["notices"] == []


def test_a_payee_sees_what_they_are_paid(client: APIClient, payer: WalletUser) -> None:
    friend = make_user()
    request = PayRequest(
        payee_id=payer.id,
        payee_kind=PayeeKind.USER,
        payee_account_id=payer.available_account_id,
        payee_name=payer.name,
        reference="A1",
        description="a bicycle",
        amount_minor=80_00,
        currency="CNY",
        expires_at=clock.now(),
        details={},
    )
    asked = create_payment(request=request, payer_id=friend.id).payment
    assert get(client, f"payments/{asked.id}").json()["role"] == "payee"
    refused = post(client, f"payments/{asked.id}/confirm", {"pin": PIN})
    assert refused.status_code == 404


@pytest.mark.parametrize("path", ["payments/{}", "payments/{}/confirm", "payments/{}/refuse"])
def test_other_peoples_payments_are_not_there(client: APIClient, shop: Shop, path: str) -> None:
    theirs = make_order(shop, payer_id=make_user().id)
    for payment_id in (theirs.id, uuid.uuid4()):
        address = path.format(payment_id)
        answer = get(client, address) if path.endswith("}") else post(client, address, {})
        assert (answer.status_code, answer.json()["code"]) == (404, "payment_not_found")


def test_confirming_with_the_pin_pays(client: APIClient, payer: WalletUser, shop: Shop) -> None:
    waiting = make_order(shop, payer_id=payer.id, amount_minor=2_000_00)
    without = post(client, f"payments/{waiting.id}/confirm", {})
    assert (without.status_code, without.json()["code"]) == (422, "pin_required")
    done = post(client, f"payments/{waiting.id}/confirm", {"pin": PIN})
    assert (done.status_code, done.json()["status"]) == (200, "PAID")
    again = post(client, f"payments/{waiting.id}/confirm", {"pin": PIN})
    assert again.headers["Idempotency-Replayed"] == "true"
    assert available_minor(payer) == 3_000_00


def test_wrong_pins_count_although_the_request_fails(
    client: APIClient, payer: WalletUser, shop: Shop
) -> None:
    waiting = make_order(shop, payer_id=payer.id)
    codes = [
        post(client, f"payments/{waiting.id}/confirm", {"pin": "000001"}, key=f"K{n}").json()[
            "code"
        ]
        for n in range(5)
    ]
    assert codes == ["pin_wrong"] * 4 + ["pin_locked"]


def test_refusing_closes_the_payment(client: APIClient, payer: WalletUser, shop: Shop) -> None:
    waiting = make_order(shop, payer_id=payer.id)
    body = post(client, f"payments/{waiting.id}/refuse", {}).json()
    assert (body["status"], body["close_reason"]) == ("CLOSED", "REFUSED_BY_PAYER")
    late = post(client, f"payments/{waiting.id}/confirm", {})
    assert (late.status_code, late.json()["code"]) == (409, "payment_closed")


def transfer(client: APIClient, key: str | None = None, **changes: Any) -> Any:
    body = {"payee_phone": "13899990000", "amount": "30.00", "pin": PIN, "note": "lunch"}
    return post(client, "transfers", body | changes, key=key)


def test_money_is_sent_once_for_one_key(client: APIClient, payer: WalletUser) -> None:
    mei = make_user(name="Mei", phone="13899990000")
    first, again = transfer(client, "K1"), transfer(client, "K1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert first.json() == again.json()
    assert (first.json()["payee_name"], available_minor(mei)) == ("M**", 30_00)
    other = transfer(client, "K1", amount="31.00")
    assert (other.status_code, other.json()["code"]) == (409, "transfer_conflict")


def test_transfers_are_listed_for_both_sides(client: APIClient) -> None:
    mei = make_user(name="Mei", phone="13899990000")
    made = transfer(client).json()
    assert get(client, "transfers").json()["results"] == [made]
    seen = get(client_of(mei), f"transfers/{made['transfer_id']}").json()
    assert (seen["role"], seen["amount"]) == ("payee", "30.00")
    stranger = get(client_of(make_user()), f"transfers/{made['transfer_id']}")
    assert stranger.status_code == 404


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"amount": "0"}, 400, "amount_out_of_range"),
        ({"amount": "-1.00"}, 400, None),
        ({"amount": "1.001"}, 400, "amount_precision"),
        ({"amount": 12}, 400, None),
        ({"amount": "1e3"}, 400, None),
        ({"currency": "XXX"}, 400, None),
        ({"payee_phone": "nobody"}, 400, "phone_invalid"),
        ({"payee_phone": "13711112222"}, 404, "payee_not_found"),
        ({"pin": "12345"}, 400, None),
        ({"note": "x" * 129}, 400, None),
        ({"tip": "1.00"}, 400, "unknown_field"),
        ({"amount": "9999.00"}, 422, "insufficient_funds"),
    ],
)
def test_a_bad_transfer_is_refused_with_a_reason(
    client: APIClient, change: dict[str, Any], status: int, code: str | None
) -> None:
    make_user(name="Mei", phone="13899990000")
    answer = transfer(client, **change)
    assert answer.status_code == status
    assert code is None or answer.json()["code"] == code


@pytest.mark.parametrize(
    "raw", [b"\xff\xfe", b'{"pin": "\\u0000"}', b'{"pin": "\\ud800"}', b"[]", b"{", b"null"]
)
def test_a_broken_body_is_a_bad_request(client: APIClient, raw: bytes) -> None:
    for path in ("transfers", f"payments/{uuid.uuid4()}/confirm", "payment-codes/aliases"):
        answer = client.post(f"/api/v1/{path}", raw, content_type="application/json")
        assert answer.status_code == 400, path


@pytest.mark.parametrize(
    "path", ["payments", "transfers", "payments/00000000-0000-7000-8000-000000000001"]
)
def test_nobody_sees_anything_without_a_session(path: str) -> None:
    assert get(APIClient(), path).status_code == 401
