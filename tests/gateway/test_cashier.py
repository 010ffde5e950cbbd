"""page.pay and wap.pay: refusals are pages, the cashier takes the money and leads back."""

import re
from html import unescape
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from lab.mock_merchant.signing import verify_notification
from merchants.acceptance.usecases.scan import scan_code
from merchants.gateway.dispatcher import METHODS
from merchants.protocol.pages import CERTIFY
from merchants.protocol.pages import PAY_TRANSFERS as PAGE_TRANSFER
from merchants.protocol.pages import REFUND as PAGE_REFUND
from tests.factories.accounts import PASSWORD, PIN, available_minor, make_user
from tests.gateway.agreements import SIGN
from tests.gateway.world import Shop, new_order
from wallet.accounts.models import SessionToken, WalletUser
from wallet.payments.usecases.confirm_payment import confirm_payment

pytestmark = pytest.mark.django_db
PAGE = "alipay.trade.page.pay"
WAP = "alipay.trade.wap.pay"
PRODUCTS = {PAGE: "FAST_INSTANT_TRADE_PAY", WAP: "QUICK_WAP_WAY"}
BACK = "http://shop.example/back?cart=1"


def call(shop: Shop, method: str = PAGE, **content: Any) -> Any:
    """Send the buyer's browser to the gateway."""
    order = {
        "out_trade_no": new_order(),
        "total_amount": "20.00",
        "subject": "茶壶",
        "product_code": PRODUCTS[method],
    }
    params = shop.params(method, order | content, return_url=BACK)
    return shop.http.get("/gateway.do?" + urlencode(params))


def cashier_of(shop: Shop, method: str = PAGE, **content: Any) -> str:
    """The cashier's address of a new order."""
    return str(call(shop, method, **content).headers["Location"])


def pay(cashier: str, buyer: WalletUser, **changes: str) -> Any:
    """Fill the cashier's form in."""
    form = {"phone": buyer.phone, "password": PASSWORD, "pin": PIN} | changes
    return Client().post(cashier, form)


def back_link(cashier: str) -> str:
    """Where the paid page leads."""
    found = re.search(r'id="back" href="([^"]+)"', Client().get(cashier).content.decode())
    assert found
    return unescape(found.group(1))


def test_every_page_method_is_tried_here() -> None:
    # Each of them has a test_…_pages.py of its own, signing test_agreements.py.
    others = {SIGN, PAGE_REFUND, PAGE_TRANSFER, CERTIFY}
    assert set(PRODUCTS) | others == {name for name, method in METHODS.items() if method.page}


@pytest.mark.parametrize("method", PRODUCTS)
def test_buyer_pays_in_the_browser_and_is_led_back(
    shop: Shop, buyer: WalletUser, method: str
) -> None:
    sent = call(shop, method, out_trade_no="PAGE1")
    assert (sent.status_code, sent.content) == (302, b"")
    assert shop.ask("alipay.trade.query", out_trade_no="PAGE1").sub_code == "ACQ.TRADE_NOT_EXIST"
    assert "茶壶" in Client().get(sent.headers["Location"]).content.decode()
    assert pay(sent.headers["Location"], buyer).status_code == 302
    address = back_link(sent.headers["Location"])
    told = dict(parse_qsl(urlsplit(address).query))
    assert address.startswith(BACK + "&")
    assert verify_notification(told, shop.gateway_pem)
    assert told.pop("cart") == "1"
    assert (told["method"], told["out_trade_no"]) == (f"{method}.return", "PAGE1")
    assert set(told) == {
        *("charset", "out_trade_no", "method", "total_amount", "sign", "trade_no", "version"),
        *("auth_app_id", "app_id", "sign_type", "seller_id", "timestamp"),
    }
    found = shop.ask("alipay.trade.query", out_trade_no="PAGE1").node
    assert (found["trade_status"], found["trade_no"]) == ("TRADE_SUCCESS", told["trade_no"])
    assert available_minor(buyer) == 980_00


def test_cashier_pays_once_however_often_the_form_is_sent(shop: Shop, buyer: WalletUser) -> None:
    cashier = cashier_of(shop)
    pay(cashier, buyer)
    pay(cashier, buyer)
    assert available_minor(buyer) == 980_00


def test_wap_page_leads_away_until_it_is_paid(shop: Shop, buyer: WalletUser) -> None:
    cashier = cashier_of(shop, WAP, quit_url="https://shop.example/cart")
    assert 'href="https://shop.example/cart"' in Client().get(cashier).content.decode()
    pay(cashier, buyer)
    assert "shop.example/cart" not in Client().get(cashier).content.decode()


def test_refusals_have_the_style_of_our_pages(shop: Shop) -> None:
    page = call(shop, WAP, quit_url="javascript:alert(1)").content.decode()
    style = re.search(r'<link rel="stylesheet" href="([^"]+order[^"]*\.css)">', page)
    assert style
    assert finders.find(style.group(1).removeprefix("/static/"))


def test_wap_page_leads_to_web_addresses_only(shop: Shop) -> None:
    page = call(shop, WAP, quit_url="javascript:alert(1)").content.decode()
    assert "INVALID_PARAMETER" in page
    assert "quit_url" in page


def test_cashier_leaves_no_session_behind(shop: Shop, buyer: WalletUser) -> None:
    pay(cashier_of(shop), buyer)
    assert not SessionToken.objects.filter(revoked_at__isnull=True).exists()


def test_cashier_sees_that_a_phone_has_scanned_and_paid(shop: Shop, buyer: WalletUser) -> None:
    cashier = cashier_of(shop)
    status = f"{cashier}/status"
    assert Client().get(status).json() == {"status": "CREATED"}
    link = f"http://127.0.0.1:8000/q/{cashier.rpartition('/')[2]}"
    scan = scan_code(payload=link, payer_id=buyer.id)
    assert scan.payment_id is not None
    confirm_payment(payment_id=scan.payment_id, payer_id=buyer.id, pin=PIN)
    assert Client().get(status).json() == {"status": "PAID"}
    assert back_link(cashier).startswith(BACK)


@pytest.mark.parametrize(
    "changes", [{"password": "wrong"}, {"pin": "000000"}, {"phone": "1"}, {"phone": "13900000009"}]
)
def test_cashier_says_why_it_did_not_take_the_money(
    shop: Shop, buyer: WalletUser, changes: dict[str, str]
) -> None:
    answer = pay(cashier_of(shop), buyer, **changes)
    assert answer.status_code == 422
    assert 'class="refusal"' in answer.content.decode()
    assert available_minor(buyer) == 1_000_00


def test_cashier_refuses_what_the_buyer_cannot_pay(shop: Shop) -> None:
    poor = make_user(balance_minor=1_00)
    cashier = cashier_of(shop)
    assert pay(cashier, poor).status_code == 422
    assert Client().get(cashier).status_code == 200


def test_cashier_shows_a_cancelled_order_as_closed(shop: Shop) -> None:
    cashier = cashier_of(shop, out_trade_no="GONE")
    shop.ask("alipay.trade.cancel", out_trade_no="GONE")
    assert "<form" not in Client().get(cashier).content.decode()


@pytest.mark.parametrize("path", ["/cashier/NOSUCH", "/cashier/NOSUCH/status"])
def test_cashier_knows_no_other_token(db: None, path: str) -> None:
    assert Client().get(path).status_code == 404


@pytest.mark.parametrize("method", PRODUCTS)
def test_same_order_leads_to_the_same_cashier(shop: Shop, method: str) -> None:
    urls = {cashier_of(shop, method, out_trade_no="SAME") for _ in range(2)}
    assert len(urls) == 1


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ({"total_amount": "0"}, "INVALID_PARAMETER"),
        ({"product_code": "X"}, "INVALID_PARAMETER"),
        ({"total_amount": "200000000"}, "TOTAL_FEE_EXCEED"),
    ],
)
def test_refusals_are_pages_that_name_the_code(
    shop: Shop, content: dict[str, str], code: str
) -> None:
    answer = call(shop, **content)
    assert answer.status_code == 200
    assert f"错误代码 {code} 错误原因: " in answer.content.decode()


def test_refuses_a_paid_order_in_a_page(shop: Shop, buyer: WalletUser) -> None:
    pay(cashier_of(shop, out_trade_no="PAID1"), buyer)
    page = call(shop, out_trade_no="PAID1").content.decode()
    assert "错误代码 TRADE_HAS_SUCCESS" in page


@pytest.mark.parametrize(
    ("change", "code"),
    [({"sign": "x"}, "invalid-signature"), ({"app_id": "2021999999999999"}, "invalid-app-id")],
)
def test_gateway_refusals_are_pages_too(shop: Shop, change: dict[str, str], code: str) -> None:
    params = shop.params(PAGE, {"subject": "<script>"}) | change
    page = shop.http.get("/gateway.do?" + urlencode(params)).content.decode()
    assert f"错误代码 {code} 错误原因: " in page
    assert "<script>" not in page


def test_takes_a_form_posted_by_the_browser(shop: Shop) -> None:
    content = {
        "out_trade_no": new_order(),
        "total_amount": 1,
        "subject": "T",
        "product_code": PRODUCTS[PAGE],
    }
    params = shop.params(PAGE, content)
    body = {"biz_content": params.pop("biz_content")}
    answer = shop.http.post("/gateway.do?" + urlencode(params), body)
    assert answer.status_code == 302


@pytest.mark.parametrize("address", ["javascript:alert(1)", "ftp://x", 'http://x/"><script>'])
def test_leads_back_to_web_addresses_only(shop: Shop, address: str) -> None:
    content = {
        "out_trade_no": new_order(),
        "total_amount": 1,
        "subject": "T",
        "product_code": PRODUCTS[PAGE],
    }
    params = shop.params(PAGE, content, return_url=address)
    page = shop.http.get("/gateway.do?" + urlencode(params)).content.decode()
    assert "错误代码 INVALID_PARAMETER" in page
