"""The coupons API: claim, read, pay with one, and what it refuses."""

import uuid

import pytest

from tests.factories.accounts import PIN, client_of, post
from tests.factories.coupons import make_campaign
from tests.factories.payments import Shop, make_order, make_phone

pytestmark = pytest.mark.django_db


def test_a_coupon_is_claimed_once_and_pays_a_part_of_a_purchase() -> None:
    payer = make_phone(balance_minor=100_00).user
    make_campaign()
    client = client_of(payer)
    first, again = (post(client, "coupons", {"campaign": "SPRING"}, key=key) for key in "ab")
    assert (first.status_code, first.json()["amount"]) == (201, "5.00")
    assert (again.json(), again["Idempotency-Replayed"]) == (first.json(), "true")
    coupon_id = first.json()["id"]
    order = make_order(Shop(), amount_minor=40_00, payer_id=payer.id)
    body = {"pin": PIN, "coupons": [coupon_id]}
    paid = post(client, f"payments/{order.id}/confirm", body)
    assert paid.status_code == 200
    assert client.get("/api/v1/wallet").json()["available"] == "65.00"
    (coupon,) = client.get("/api/v1/coupons").json()
    assert (coupon["state"], coupon["payment_id"]) == ("REDEEMED", str(order.id))


@pytest.mark.parametrize(
    ("coupons", "status", "code"),
    [
        ([str(uuid.UUID(int=1))], 404, "coupon_unknown"),
        (["x"], 400, "invalid_request"),
        ([str(uuid.UUID(int=number)) for number in range(4)], 400, "invalid_request"),
        ("x", 400, "invalid_request"),
    ],
)
def test_what_is_no_coupon_pays_nothing(coupons: object, status: int, code: str) -> None:
    payer = make_phone(balance_minor=100_00).user
    order = make_order(Shop(), amount_minor=40_00, payer_id=payer.id)
    body = {"pin": PIN, "coupons": coupons}
    refused = post(client_of(payer), f"payments/{order.id}/confirm", body)
    assert (refused.status_code, refused.json()["code"]) == (status, code)
    assert client_of(payer).get("/api/v1/wallet").json()["available"] == "100.00"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"campaign": "NONE"}, 404, "campaign_unknown"),
        ({"campaign": "a b"}, 400, "invalid_request"),
        ({}, 400, "invalid_request"),
        ({"campaign": "SPRING", "x": 1}, 400, "unknown_field"),
    ],
)
def test_a_claim_that_names_no_campaign_says_so(
    body: dict[str, object], status: int, code: str
) -> None:
    refused = post(client_of(make_phone().user), "coupons", body)
    assert (refused.status_code, refused.json()["code"]) == (status, code)
