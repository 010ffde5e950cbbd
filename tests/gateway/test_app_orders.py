"""Order strings that a merchant's app hands the payer's wallet."""

import json
from typing import Any

import pytest
from django.core.management import call_command

from tests.factories.accounts import PIN, available_minor, client_of, make_user, post
from tests.factories.authorisations import held_minor
from tests.gateway.app_orders import open_, order_string, signed_node
from tests.gateway.rows_fund_auth import deposit
from tests.gateway.world import Shop, make_shop, new_order
from wallet.accounts.models import WalletUser

pytestmark = pytest.mark.django_db
PAY, FREEZE = "alipay.trade.app.pay", "alipay.fund.auth.order.app.freeze"


@pytest.fixture
def shop() -> Shop:
    return make_shop()


@pytest.fixture
def buyer() -> WalletUser:
    return make_user(balance_minor=100_00)


def sale(shop: Shop, amount: str = "12.00", **common: str) -> str:
    """The string of a payment."""
    content = {
        "out_trade_no": new_order(),
        "total_amount": amount,
        "subject": "茶 Tea & more",
        "product_code": "QUICK_MSECURITY_PAY",
    }
    return order_string(shop, PAY, content, **common)


def freezing(shop: Shop, buyer: WalletUser) -> str:
    """The string of a pre-authorisation."""
    content = deposit(shop, buyer) | {"product_code": "PRE_AUTH_ONLINE"}
    return order_string(shop, FREEZE, content)


def pay(buyer: WalletUser, order: str, pin: str = PIN) -> Any:
    return post(client_of(buyer), "app-orders/pay", {"order": order, "pin": pin}, "k2")


def test_order_is_shown_and_nothing_is_paid(shop: Shop, buyer: WalletUser) -> None:
    order = sale(shop)
    for _ in range(2):
        shown = open_(buyer, order).json()
        assert (shown["amount"], shown["waits"]) == ("12.00", True)
        assert (shown["merchant_name"], shown["method"]) == (shop.merchant.name, PAY)
    assert available_minor(buyer) == 100_00


def test_the_payer_is_shown_the_merchants_own_words_before_and_after(
    shop: Shop, buyer: WalletUser
) -> None:
    content = {
        "out_trade_no": new_order(),
        "total_amount": "12.00",
        "subject": "Tea",
        "body": "Longjing, 50 g",
        "product_code": "QUICK_MSECURITY_PAY",
    }
    order = order_string(shop, PAY, content)
    asked_for = open_(buyer, order).json()
    assert asked_for["texts"] == {"body": "Longjing, 50 g"}
    pay(buyer, order)
    payment = client_of(buyer).get(f"/api/v1/payments/{asked_for['payment_id']}").json()
    assert payment["texts"] == {"body": "Longjing, 50 g"}


def test_paid_order_is_answered_with_a_signed_result(shop: Shop, buyer: WalletUser) -> None:
    order = sale(shop)
    first, again = pay(buyer, order).json(), pay(buyer, order).json()
    assert (first["resultStatus"], first) == ("9000", again)
    node = signed_node(shop, first["result"])
    assert (node["code"], node["total_amount"]) == ("10000", "12.00")
    assert node["seller_id"] == shop.merchant.merchant_number
    found = shop.ask("alipay.trade.query", trade_no=node["trade_no"]).node
    assert (found["trade_status"], available_minor(buyer)) == ("TRADE_SUCCESS", 88_00)


def test_authorisation_in_an_app_freezes_and_is_captured_online(
    shop: Shop, buyer: WalletUser
) -> None:
    order = freezing(shop, buyer)
    assert open_(buyer, order).json()["authorisation_id"]
    done = pay(buyer, order).json()
    node = signed_node(shop, done["result"])
    assert (node["status"], node["amount"], held_minor(buyer)) == ("SUCCESS", "30.00", 30_00)
    assert pay(buyer, order).json()["result"] == done["result"]
    bill = {
        "out_trade_no": new_order(),
        "total_amount": "10.00",
        "subject": "bill",
        "auth_no": node["auth_no"],
    }
    wrong = shop.ask("alipay.trade.pay", product_code="PRE_AUTH", **bill)
    assert wrong.sub_code == "ACQ.PRE_AUTH_PROD_CODE_INCONSISTENT"
    assert shop.ask("alipay.trade.pay", product_code="PRE_AUTH_ONLINE", **bill).node["code"]
    assert held_minor(buyer) == 20_00


def test_changed_order_is_refused(shop: Shop, buyer: WalletUser) -> None:
    order = sale(shop).replace("12.00", "1.00")
    told = open_(buyer, order)
    assert (told.status_code, told.json()["code"]) == (400, "app_order_invalid")
    assert told.json()["facts"]["reason"] == "isv.invalid-signature"


@pytest.mark.parametrize("order", ["hello", "app_id=1&method=x&sign=y", "%ZZ=1&&=", "\u4e2d"])
def test_nonsense_is_refused(shop: Shop, buyer: WalletUser, order: str) -> None:
    assert open_(buyer, order).json()["code"] == "app_order_invalid"


def test_other_methods_are_no_app_orders(shop: Shop, buyer: WalletUser) -> None:
    order = order_string(shop, "alipay.trade.query", {"out_trade_no": "A"})
    assert open_(buyer, order).json()["facts"]["reason"] == "isv.invalid-method"


def test_wrong_pin_is_told_to_the_wallet_and_can_be_mended(shop: Shop, buyer: WalletUser) -> None:
    order = sale(shop)
    assert pay(buyer, order, "000000").json()["code"] == "pin_wrong"
    assert pay(buyer, order).json()["resultStatus"] == "9000"


def test_order_belongs_to_who_opened_it(shop: Shop, buyer: WalletUser) -> None:
    order = sale(shop)
    open_(buyer, order)
    told = open_(make_user(balance_minor=50_00), order).json()
    assert (told["code"], told["facts"]["reason"]) == (
        "app_order_refused",
        "ACQ.TRADE_BUYER_NOT_MATCH",
    )


def test_gateway_itself_does_not_know_app_methods(shop: Shop) -> None:
    for method in (PAY, FREEZE):
        assert shop.send(shop.params(method, {})).sub_code == "isv.invalid-method"


def test_command_line_shows_and_pays(
    shop: Shop, buyer: WalletUser, capsys: pytest.CaptureFixture[str]
) -> None:
    order = sale(shop)
    call_command("scan", order, "--buyer", buyer.user_number)
    assert json.loads(capsys.readouterr().out)["waits"] is True
    call_command("scan", order, "--buyer", buyer.user_number, "--pay", "--pin", PIN)
    assert json.loads(capsys.readouterr().out)["resultStatus"] == "9000"
