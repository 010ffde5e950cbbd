"""Real client libraries, unmodified, through the methods of a till.

Each library checks the signature of every answer by itself. Every raw answer of these
runs is also held against the cut-out rules of the libraries that are not run here.
"""

import base64
import json
from urllib.parse import urlsplit

import pytest
import requests
from django.conf import settings

from lab.mock_merchant.receiver import Receiver
from merchants.gateway.ciphers import content_key
from tests.factories.accounts import available_minor, make_user
from tests.factories.clock import advance
from tests.gateway import sdks
from tests.gateway.runs import check_raw, facts, live, sale, sdk, step
from tests.gateway.sdks import SDKS, Sdk
from tests.gateway.server import LiveServer
from tests.gateway.world import fresh_code, make_shop

__all__ = ["live", "sdk"]
pytestmark = [pytest.mark.sdk, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("sign_type", ["RSA2", "RSA"])
def test_library_does_a_tills_whole_day(sdk: Sdk, live: LiveServer, sign_type: str) -> None:
    shop, buyer = make_shop(), make_user(balance_minor=100_00)
    codes = [fresh_code(buyer) for _ in range(3)]
    steps = [
        sale(codes[0], "A"),
        sale(codes[1], "A"),
        step("trade.query", out_trade_no="A"),
        step("trade.query", out_trade_no="NEVER"),
        step("trade.refund", out_trade_no="A", refund_amount="5.00", out_request_no="R1"),
        step("trade.refund", out_trade_no="A", refund_amount=2, out_request_no="R2"),
        step("trade.refund", out_trade_no="A", refund_amount="9.00", out_request_no="R3"),
        step("trade.fastpay.refund.query", out_trade_no="A", out_request_no="R1"),
        sale(codes[2], "B", 0.5),
        step("trade.cancel", out_trade_no="B"),
        step("trade.precreate", out_trade_no="C", subject="茶", total_amount="3.00"),
        step("trade.close", out_trade_no="C"),
        step(
            "trade.create",
            out_trade_no="D",
            subject="茶",
            total_amount="3.00",
            buyer_id=buyer.user_number,
        ),
        step("trade.close", out_trade_no="D"),
    ]
    answers = sdks.drive(sdk, facts(shop, live, steps, sign_type=sign_type))
    assert [answer.get("sub_code", answer.get("code")) for answer in answers] == [
        "10000",
        "ACQ.TRADE_HAS_SUCCESS",
        "10000",
        "ACQ.TRADE_NOT_EXIST",
        "10000",
        "10000",
        "ACQ.REASON_TRADE_REFUND_FEE_ERR",
        "10000",
        "10000",
        "10000",
        "10000",
        "ACQ.TRADE_NOT_EXIST",
        "10000",
        "10000",
    ]
    assert available_minor(buyer) == 95_00
    check_raw(live, shop)


@pytest.mark.parametrize("sdk", SDKS[:1], indirect=True, ids=lambda sdk: sdk.package)
@pytest.mark.parametrize("charset", ["GBK", "gb2312"])
def test_library_speaks_gbk(sdk: Sdk, live: LiveServer, charset: str) -> None:
    shop, buyer = make_shop(), make_user(balance_minor=100_00)
    steps = [sale(fresh_code(buyer), "A"), step("trade.query", out_trade_no="NEVER")]
    answers = sdks.drive(sdk, facts(shop, live, steps, charset=charset))
    assert [answer["code"] for answer in answers] == ["10000", "40004"]
    check_raw(live, shop, charset)


def test_library_sends_the_buyer_to_the_cashier(sdk: Sdk, live: LiveServer) -> None:
    shop = make_shop()
    paying = step("trade.page.pay", out_trade_no="P", subject="茶/Tea", total_amount="3.00")
    if sdk.driver != "fzlee_python.py":  # that one names the product by itself
        paying["content"]["product_code"] = "FAST_INSTANT_TRADE_PAY"
    paying |= {"page": True, "return_url": "http://shop.example/back"}
    [answer] = sdks.drive(sdk, facts(shop, live, [paying]))
    address = urlsplit(answer["address"])
    sent = requests.get(
        f"{live.url}{address.path}?{address.query}", allow_redirects=False, timeout=10
    )
    assert sent.status_code == 302
    assert sent.headers["Location"].startswith("/cashier/")


@pytest.mark.parametrize("sign_type", ["RSA2", "RSA"])
def test_library_believes_our_notifications_and_no_others(
    sdk: Sdk, live: LiveServer, sign_type: str
) -> None:
    shop, buyer = make_shop(), make_user(balance_minor=100_00)
    with Receiver(shop.gateway_pem) as receiver:
        paying = sale(fresh_code(buyer), "A") | {"notify_url": receiver.url}
        sdks.drive(sdk, facts(shop, live, [paying], sign_type=sign_type))
        advance(seconds=1)
        [heard] = receiver.inbox.accepted.values()
    assert heard["sign_type"] == sign_type
    steps = [{"notification": heard}, {"notification": heard | {"total_amount": "1.00"}}]
    said = sdks.drive(sdk, facts(shop, live, steps, sign_type=sign_type))
    assert said == [{"believed": True}, {"believed": False}]


@pytest.mark.parametrize("sdk", SDKS[-1:], indirect=True, ids=lambda sdk: sdk.package)
def test_library_speaks_the_rest_protocol(sdk: Sdk, live: LiveServer) -> None:
    shop, buyer = make_shop(), make_user(balance_minor=100_00)
    paying = sale(fresh_code(buyer), "A") | {"rest": "/v3/alipay/trade/pay"}
    asking = step("trade.query", out_trade_no="A") | {"rest": "/v3/alipay/trade/query"}
    refused = step("trade.query", out_trade_no="X") | {"rest": "/v3/alipay/trade/query"}
    paid, found, unknown = sdks.drive(sdk, facts(shop, live, [paying, asking, refused]))
    assert (paid["out_trade_no"], found["trade_status"]) == ("A", "TRADE_SUCCESS")
    assert "ACQ.TRADE_NOT_EXIST" in json.dumps(unknown) or "交易不存在" in unknown["detail"]


@pytest.mark.parametrize("sdk", SDKS[-1:], indirect=True, ids=lambda sdk: sdk.package)
def test_library_enciphers_and_deciphers(sdk: Sdk, live: LiveServer) -> None:
    shop, buyer = make_shop(), make_user(balance_minor=100_00)
    key = base64.b64encode(content_key(settings.DERIVATION_KEY, shop.app.app_number)).decode()
    paying = sale(fresh_code(buyer), "A") | {"encrypt": True}
    asking = step("trade.query", out_trade_no="A") | {"rest": "/v3/alipay/trade/query"}
    steps = [paying, asking | {"encrypt": True}]
    paid, found = sdks.drive(sdk, facts(shop, live, steps, aes_key=key))
    assert (paid["out_trade_no"], found["trade_status"]) == ("A", "TRADE_SUCCESS")


def test_library_reports_a_signature_that_does_not_fit(sdk: Sdk, live: LiveServer) -> None:
    shop, other = make_shop(), make_shop("Noodle Bar")
    stranger = facts(shop, live, [step("trade.query", out_trade_no="A")])
    stranger["private_pkcs1"] = other.private_pem
    [answer] = sdks.drive(sdk, stranger)
    assert answer["sub_code"] == "isv.invalid-signature"
    check_raw(live, shop)
