"""The merchant's first day, by the API alone: apply, be approved, sell, rotate the key.

Nothing is set up by a shortcut: the owner registers, two operators say yes in the panel,
the till signs with a key that the owner made, and the merchant's own server is told.
"""

import dataclasses
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from config.kernel.approvals import registry
from config.kernel.approvals.models import ApprovalRequest
from config.kernel.outbox import relay
from lab.mock_merchant import signing
from merchants.onboarding import rules
from merchants.onboarding.models import App, Merchant
from merchants.onboarding.tasks import APPROVE_MERCHANT
from tests.factories.accounts import PIN, available_minor, client_of, make_user, post
from tests.factories.clock import advance
from tests.factories.operators import make_operator
from tests.factories.receiver import Answer, receiving
from tests.gateway.world import Shop, fresh_code

pytestmark = pytest.mark.django_db
BODY = {"name": "包子铺", "short_name": "Baozi House", "mcc": "5812", "city": "Nanjing"}


def approve_in_the_panel(number: str) -> None:
    """Mia asks, Carl says yes; each with nothing but their own permissions."""
    mia, carl = Client(), Client()
    ask, approve = (registry.right(verb, APPROVE_MERCHANT) for verb in ("ask", "approve"))
    mia.force_login(make_operator("mia", ask, "onboarding.view_merchant"))
    carl.force_login(make_operator("carl", approve))
    merchant = Merchant.objects.get(merchant_number=number)
    ask = reverse("admin:onboarding_merchant_ask_approval", args=[merchant.id])
    mia.post(ask, {"reason": "papers are complete"})
    request = ApprovalRequest.objects.get()
    carl.post(
        reverse("admin:approvals_approvalrequest_approve", args=[request.id]), {"comment": "ok"}
    )


def make_key(owner: APIClient, app_number: str, **more: Any) -> str:
    """Make a pair, upload the public half, keep the private one."""
    pair = post(owner, "key-pairs", None).json()
    body = {"public_key": pair["public_base64"], **more}
    assert owner.put(f"/api/v1/apps/{app_number}/keys", body, format="json").status_code == 200
    return str(pair["private_pkcs1_pem"])


def open_shop(owner: APIClient, notify_url: str) -> Shop:
    """From nothing to a till that can sign."""
    number = post(owner, "merchants", BODY).json()["merchant_id"]
    app = {"name": "till", "notify_url": notify_url}
    app_id = post(owner, f"merchants/{number}/apps", app).json()["app_id"]
    public = APIClient().get("/api/v1/gateway-key").json()["public_base64"]
    return Shop(
        merchant=Merchant.objects.get(merchant_number=number),
        app=App.objects.get(app_number=app_id),
        private_pem=make_key(owner, app_id),
        gateway_pem=rules.public_key_text(public).pem,
    )


def test_sells_nothing_before_two_operators_agree() -> None:
    shop = open_shop(client_of(make_user(name="Owner")), "")
    buyer = make_user(balance_minor=100_00)
    assert shop.pay(fresh_code(buyer)).sub_code != ""
    approve_in_the_panel(shop.merchant.merchant_number)
    assert shop.pay(fresh_code(buyer)).node["code"] == "10000"
    assert available_minor(buyer) == 88_00


def test_sells_is_told_of_it_and_gives_back() -> None:
    owner, buyer = client_of(make_user(name="Owner")), make_user(balance_minor=100_00)
    with receiving(Answer(500), Answer()) as server:
        shop = open_shop(owner, server.url)
        approve_in_the_panel(shop.merchant.merchant_number)
        order = shop.sold(buyer)
        relay.drain()
        advance()
        advance(minutes=5)
        shop.ask(
            "alipay.trade.refund", out_trade_no=order, refund_amount="5.00", out_request_no="R1"
        )
        relay.drain()
        advance()
    first, again, refund = (got.form() for got in server.got)
    assert first["notify_id"] == again["notify_id"]
    assert refund["refund_fee"] == "5.00"
    assert available_minor(buyer) == 93_00
    for form in (first, again, refund):
        assert signing.verify_notification(form, shop.gateway_pem)
    events = owner.get("/api/v1/events").json()["results"]
    assert [event["state"] for event in events] == ["DELIVERED", "DELIVERED"]


def test_sells_by_a_code_that_the_buyer_scans() -> None:
    owner, buyer = client_of(make_user(name="Owner")), make_user(balance_minor=100_00)
    shop = open_shop(owner, "")
    approve_in_the_panel(shop.merchant.merchant_number)
    answer = shop.ask(
        "alipay.trade.precreate", out_trade_no="A1", total_amount="12.00", subject="buns"
    )
    phone = client_of(buyer)
    shown = post(phone, "scans", {"payload": answer.node["qr_code"]}).json()
    post(phone, f"payments/{shown['payment_id']}/confirm", {"pin": PIN})
    trade = shop.ask("alipay.trade.query", out_trade_no="A1").node
    assert (trade["trade_status"], trade["buyer_user_id"]) == ("TRADE_SUCCESS", buyer.user_number)


def test_rotates_the_key_without_a_failed_call() -> None:
    owner, buyer = client_of(make_user(name="Owner")), make_user(balance_minor=100_00)
    shop = open_shop(owner, "")
    approve_in_the_panel(shop.merchant.merchant_number)
    new = dataclasses.replace(
        shop, private_pem=make_key(owner, shop.app.app_number, overlap_hours=1)
    )
    for till in (shop, new, shop, new):
        till.sold(buyer, amount="1.00")
    advance(hours=1, seconds=1)
    assert shop.pay(fresh_code(buyer)).sub_code == "isv.invalid-signature"
    new.sold(buyer, amount="1.00")
