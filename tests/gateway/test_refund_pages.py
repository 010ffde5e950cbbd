"""trade.page.refund: the buyer takes a refund at a page, which leads back."""

import re
from html import unescape
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from django.test import Client

from lab.mock_merchant.signing import verify_notification
from tests.factories.accounts import PASSWORD, available_minor, make_user
from tests.factories.clock import advance
from tests.gateway.world import Shop, fresh_code, make_shop
from wallet.accounts.models import WalletUser
from wallet.payments.models import Refund

pytestmark = pytest.mark.django_db
METHOD = "alipay.trade.page.refund"
BACK = "http://shop.example/refunded?cart=1"


def call(shop: Shop, order: str, **changes: Any) -> Any:
    """Send the buyer's browser to the gateway."""
    content = {
        "out_trade_no": order,
        "out_request_no": "R1",
        "refund_amount": "5.00",
        "biz_type": "CREDIT_REFUND",
        "refund_reason": "缺货",
    }
    params = shop.params(METHOD, content | changes, return_url=BACK)
    return shop.http.get("/gateway.do?" + urlencode(params))


def take(page: str, buyer: WalletUser, **changes: str) -> Any:
    """Fill the page's form in."""
    return Client().post(page, {"phone": buyer.phone, "password": PASSWORD} | changes)


def test_the_buyer_takes_a_refund_and_is_led_back(shop: Shop, buyer: WalletUser) -> None:
    order = shop.sold(buyer, amount="12.00")
    before_minor = available_minor(buyer)
    page = call(shop, order).headers["Location"]
    shown = Client().get(page).content.decode()
    assert "5.00" in shown
    assert "缺货" in shown
    assert (Refund.objects.count(), available_minor(buyer)) == (0, before_minor)
    assert take(page, buyer).status_code == 302
    assert available_minor(buyer) == before_minor + 5_00
    done = Client().get(page).content.decode()
    found = re.search(r'id="back" href="([^"]+)"', done)
    assert found
    address = unescape(found[1])
    told = dict(parse_qsl(urlsplit(address).query))
    assert verify_notification(told, shop.gateway_pem)
    assert (told["method"], told["out_request_no"], told["refund_amount"]) == (
        f"{METHOD}.return",
        "R1",
        "5.00",
    )


def test_a_refund_is_taken_once(shop: Shop, buyer: WalletUser) -> None:
    page = call(shop, shop.sold(buyer)).headers["Location"]
    assert take(page, buyer).status_code == take(page, buyer).status_code == 302
    assert Refund.objects.count() == 1


def test_nobody_else_takes_it(shop: Shop, buyer: WalletUser) -> None:
    page = call(shop, shop.sold(buyer)).headers["Location"]
    assert take(page, make_user(balance_minor=1)).status_code == 422
    assert take(page, buyer, password="wrong-password").status_code == 422
    assert Refund.objects.count() == 0


def test_the_page_ends_after_half_an_hour(shop: Shop, buyer: WalletUser) -> None:
    page = call(shop, shop.sold(buyer)).headers["Location"]
    assert Client().get(page + "x").status_code == 404
    advance(minutes=31)
    assert Client().get(page).status_code == 404
    assert take(page, buyer).status_code == 404
    assert Refund.objects.count() == 0


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"out_trade_no": "NEVER"}, "TRADE_NOT_EXIST"),
        ({"refund_amount": "12.01"}, "REASON_TRADE_REFUND_FEE_ERR"),
        ({"biz_type": "OTHER"}, "INVALID_PARAMETER"),
        ({"out_request_no": ""}, "INVALID_PARAMETER"),
    ],
)
def test_refusals_are_pages(
    shop: Shop, buyer: WalletUser, changes: dict[str, str], code: str
) -> None:
    answer = call(shop, shop.sold(buyer), **changes)
    assert f"错误代码 {code}" in answer.content.decode()


def test_a_trade_that_is_not_paid_or_closed_gives_nothing_back(
    shop: Shop, buyer: WalletUser
) -> None:
    order = {"out_trade_no": "W", "subject": "茶", "total_amount": "12.00"}
    shop.ask("alipay.trade.create", **order, buyer_id=buyer.user_number)
    assert "TRADE_STATUS_ERROR" in call(shop, "W").content.decode()
    shop.ask("alipay.trade.close", out_trade_no="W")
    assert "TRADE_STATUS_ERROR" in call(shop, "W").content.decode()


def test_another_merchants_trade_does_not_exist(shop: Shop, buyer: WalletUser) -> None:
    other = make_shop("Noodle Bar")
    other.pay(fresh_code(buyer), order="THEIRS")
    assert "TRADE_NOT_EXIST" in call(shop, "THEIRS").content.decode()
