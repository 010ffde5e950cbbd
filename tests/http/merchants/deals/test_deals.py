"""The deals API: who may, what is refused with which code, what each side sees."""

import uuid
from datetime import timedelta

import pytest

from config.kernel import clock
from merchants.deals.models import Deal
from merchants.deals.values import DealState, PolicyName
from tests.factories.accounts import PIN, client_of, make_user, post
from tests.factories.bundles import Subscription
from tests.factories.clock import advance
from tests.factories.deals import offer, pass_time, pay, take
from tests.factories.settlement import make_merchant, make_payer
from tests.factories.splits import seller_of
from wallet.public import user

pytestmark = pytest.mark.django_db


def test_an_offer_is_taken_shipped_and_confirmed_by_its_buyer_alone() -> None:
    owner, buyer = make_user(), make_payer(500_00)
    shop, carrier = make_merchant(owner=owner), make_merchant()
    seller_of(shop)
    body = {
        "merchant_id": shop.merchant_number, "policy": "GUARANTEED", "reference": "O1",
        "subject": "shoes", "price": "299.00", "pickup": True,
    }  # fmt: skip
    offer = post(client_of(owner), "offers", body).json()
    assert post(client_of(owner), "offers", body).json()["id"] == offer["id"]
    other = post(client_of(owner), "offers", body | {"price": "1.00"})
    assert (other.status_code, other.json()["code"]) == (409, "reference_taken")
    deal = post(client_of(buyer), "deals", {"offer_id": offer["id"], "reference": "D1"}).json()
    path = f"deals/{deal['id']}"
    pay(Deal.objects.get(id=deal["id"]), "price")
    early = post(client_of(buyer), f"{path}/moves", {"move": "confirm", "pin": PIN})
    assert (early.status_code, early.json()["code"]) == (409, "deal_state_forbids")
    goods = {"carrier_id": carrier.merchant_number, "parcel": "P1"}
    assert post(client_of(buyer), f"{path}/shipment", goods).status_code == 403
    sent = post(client_of(owner), f"{path}/shipment", goods).json()
    assert (sent["state"], sent["code"]) == ("WAIT_BUYER_CONFIRM_GOODS", "")
    for caller, code in ((owner, 403), (make_user(), 403)):
        move = post(client_of(caller), f"{path}/moves", {"move": "confirm", "pin": PIN})
        assert move.status_code == code
    assert post(client_of(buyer), f"{path}/moves", {"move": "confirm"}).status_code == 422
    done = post(client_of(buyer), f"{path}/moves", {"move": "confirm", "pin": PIN}).json()
    assert (done["state"], len(done["code"])) == ("TRADE_FINISHED", 8)
    assert client_of(make_user()).get(f"/api/v1/{path}").status_code == 404


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"policy": "BARTER"}, "invalid_request"),
        ({"price": "0.00"}, "offer_invalid"),
        ({"timers": {"PAID": 60}}, "offer_invalid"),
        ({"timers": {"NOWHERE": 60}}, "invalid_request"),
        ({"deposit": "1.00"}, "offer_invalid"),
        ({"splits": [{"payee": "2088000000000000", "percent": "8"}]}, "split_payee_unknown"),
        ({"capacity": 0}, "invalid_request"),
        ({"colour": "red"}, "unknown_field"),
    ],
)
def test_what_no_offer_can_say_is_refused_and_writes_nothing(
    changes: dict[str, object], code: str
) -> None:
    owner = make_user()
    shop = make_merchant(owner=owner)
    seller_of(shop)
    body: dict[str, object] = {
        "merchant_id": shop.merchant_number, "policy": "GUARANTEED", "reference": "O1",
        "subject": "shoes", "price": "299.00",
    }  # fmt: skip
    answer = post(client_of(owner), "offers", body | changes)
    assert 400 <= answer.status_code < 500
    assert answer.json()["code"] == code
    assert client_of(owner).get("/api/v1/offers").json()["results"] == []


def test_what_nobody_signed_is_no_carriers_word() -> None:
    body = {"event_no": "E1", "parcel": "P1", "state": "DELIVERED", "occurred_at": "2026-01-01"}
    answer = post(client_of(make_user()), "logistics/events", body)
    assert (answer.status_code, answer.json()["code"]) == (401, "carrier_signature_invalid")
    unknown = post(client_of(make_user()), f"deals/{uuid.uuid4()}/moves", {"move": "confirm"})
    assert unknown.status_code == 404


def test_a_buyers_code_is_not_guessed() -> None:
    owner, buyer = make_user(), make_payer(500_00)
    shop = make_merchant(owner=owner)
    deal = take(offer(shop, PolicyName.TICKET, 17_00, capacity=1, dates=two_hours()), buyer)
    path = f"deals/{deal.id}/moves"
    for _ in range(5):
        wrong = post(client_of(owner), path, {"move": "redeem", "code": "0"})
        assert (wrong.status_code, wrong.json()["code"]) == (422, "proof_wrong")
    late = post(client_of(owner), path, {"move": "redeem", "code": deal.code})
    assert (late.status_code, late.json()["code"]) == (429, "too_many_proof_tries")
    advance(minutes=61)
    right = post(client_of(owner), path, {"move": "redeem", "code": deal.code})
    assert right.status_code == 200


def two_hours() -> dict[DealState, str]:
    """A ticket's event, two hours from now."""
    return {DealState.ISSUED: (clock.now() + timedelta(hours=2)).isoformat()}


def test_a_plan_is_changed_by_taking_another_in_its_place() -> None:
    shop, metro, buyer = make_merchant(), make_merchant(), make_payer(500_00)

    def plan(uses: int) -> str:
        shares = [
            {"partner": metro.merchant_number, "name": "metro", "uses": uses, "amount_minor": 2_00}
        ]
        return str(offer(shop, PolicyName.BUNDLE, uses * 2_00, shares=shares).id)

    body = {"offer_id": plan(10), "reference": "SMALL"}
    old = post(client_of(buyer), "deals", body).json()
    pay(Deal.objects.get(id=old["id"]), "price")
    body = {"offer_id": plan(20), "reference": "LARGE", "replaces_id": old["id"]}
    new = post(client_of(buyer), "deals", body).json()
    assert (new["state"], new["replaces_id"]) == ("WAIT_BUYER_PAY", old["id"])
    assert post(client_of(buyer), "deals", body).json()["id"] == new["id"]
    for changes, status, code in (
        ({"reference": "LARGE", "replaces_id": None}, 400, "invalid_request"),
        ({"reference": "OTHER"}, 409, "plan_change_open"),
        ({"reference": "OTHER", "replaces_id": new["id"]}, 400, "offer_invalid"),
        ({"reference": "OTHER", "replaces_id": str(uuid.uuid4())}, 404, "deal_unknown"),
    ):
        answer = post(client_of(buyer), "deals", body | changes)
        assert (answer.status_code, answer.json()["code"]) == (status, code)
    pay(Deal.objects.get(id=new["id"]), "price")
    stands = client_of(buyer).get(f"/api/v1/deals/{old['id']}").json()
    assert (stands["state"], stands["timeline"][-1]["move"]) == ("CANCELLED", "change_plan")
    assert stands["timeline"][-1]["amount"] == "20.00"


def test_a_bundle_under_an_agreement_is_past_due_where_the_wallet_is_short() -> None:
    town = Subscription(money_minor=80_00)
    buyer, body = client_of(town.buyer), {"offer_id": str(town.row.id), "reference": "SECOND"}
    number = town.agreement.number
    for changes, status, code in (
        ({"agreement_number": "1"}, 400, "invalid_request"),
        ({"agreement_number": number[::-1]}, 404, "agreement_not_found"),
        ({"agreement_number": number, "reference": "MONTHLY"}, 201, ""),
        ({"reference": "MONTHLY"}, 409, "reference_taken"),
    ):
        answer = post(buyer, "deals", body | changes)
        assert (answer.status_code, answer.json().get("code") or "") == (status, code)
    second = post(buyer, "deals", body | {"agreement_number": number}).json()
    assert (second["agreement_number"], second["state"]) == (number, "WAIT_BUYER_PAY")
    pay(Deal.objects.get(id=second["id"]), "price")
    town.ride("M1")
    pass_time(days=30, minutes=1)
    buyer = client_of(town.buyer)
    stands = buyer.get(f"/api/v1/deals/{town.deal.id}").json()
    assert (stands["state"], [row["stage"] for row in stands["payments"]]) == (
        "PAST_DUE", ["price"],
    )  # fmt: skip
    assert stands["timeline"][-1]["move"] == "insufficient_funds"
    use = post(
        client_of(user(town.metro.owner_id)),
        f"entitlements/{stands['entitlements'][0]['id']}/redemptions",
        {"request_no": "M2"},
    )
    assert (use.status_code, use.json()["code"]) == (409, "deal_state_forbids")
    left = post(buyer, f"deals/{town.deal.id}/moves", {"move": "cancel"}).json()
    assert (left["state"], left["timeline"][-1]["amount"]) == ("CANCELLED", "0.00")
