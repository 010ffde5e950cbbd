"""What integrators ran into in the field: return addresses, times, what a refund's query tells."""

import re
from datetime import timedelta
from html import unescape
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from django.test import Client

from config.kernel import clock
from lab.mock_merchant.signing import verify_notification
from merchants.onboarding.usecases.register_app import NotifyUrlInvalid, check_notify_url
from merchants.protocol.formats import beijing
from tests.factories.accounts import PASSWORD, PIN
from tests.factories.funds import give_balance
from tests.gateway.agreements import SIGN, cyclic, fill_in, general
from tests.gateway.rows_certify import INITIALIZE, claiming
from tests.gateway.rows_splits import SETTLE, bound, paid, part
from tests.gateway.rows_transfers import payee
from tests.gateway.world import Shop, fresh_code, new_order
from wallet.accounts.models import WalletUser

pytestmark = pytest.mark.django_db
CERTIFY = "alipay.user.certify.open.certify"
REFUND, REFUND_QUERY = "alipay.trade.refund", "alipay.trade.fastpay.refund.query"
PRODUCTS = {
    "alipay.trade.page.pay": "FAST_INSTANT_TRADE_PAY",
    "alipay.trade.wap.pay": "QUICK_WAP_WAY",
}


def order(product: str, **more: Any) -> dict[str, Any]:
    """An order for the cashier."""
    return {
        "out_trade_no": new_order(),
        "total_amount": "20.00",
        "subject": "茶壶",
        "product_code": product,
    } | more


def browse(shop: Shop, method: str, content: dict[str, Any], **common: str) -> Any:
    """Send a browser to the gateway."""
    return shop.http.get("/gateway.do?" + urlencode(shop.params(method, content, **common)))


def back_of(page: str) -> str:
    """Where a page leads back to."""
    found = re.search(r'id="back" href="([^"]+)"', Client().get(page).content.decode())
    assert found
    return unescape(found[1])


@pytest.mark.parametrize("method", PRODUCTS)
@pytest.mark.parametrize(
    ("address", "before", "fragment"),
    [
        ("http://h.example/#/pay/result", "http://h.example/?", "/pay/result"),
        ("http://h.example/app?cart=1#/pay?x=2", "http://h.example/app?cart=1&", "/pay?x=2"),
        ("http://h.example/app#", "http://h.example/app?", ""),
    ],
)
def test_the_result_stands_before_the_fragment(
    shop: Shop, buyer: WalletUser, method: str, address: str, before: str, fragment: str
) -> None:
    sent = browse(shop, method, order(PRODUCTS[method]), return_url=address)
    cashier = str(sent.headers["Location"])
    Client().post(cashier, {"phone": buyer.phone, "password": PASSWORD, "pin": PIN})
    back = back_of(cashier)
    assert back.startswith(before)
    assert urlsplit(back).fragment == fragment
    assert verify_notification(dict(parse_qsl(urlsplit(back).query)), shop.gateway_pem)


def test_an_app_is_led_back_to_by_its_own_scheme(shop: Shop, buyer: WalletUser) -> None:
    page = browse(shop, SIGN, general(), return_url="myapp://host/x#/done").headers["Location"]
    assert fill_in(page, buyer).status_code == 302
    back = back_of(page)
    assert back.startswith("myapp://host/x?")
    assert back.endswith("#/done")


@pytest.mark.parametrize(
    "address",
    [
        *("javascript://x/%0aalert(1)", "JavaScript:alert(1)", "data://text/html,x"),
        *("intent://x/#y", "vbscript://x/y", "file://etc/passwd", "ftp://x/y"),
        *("itms-services://?url=http://x", "ms-settings://x", "search-ms://x", "android-app://x/y"),
        *("myapp:x", "://x", "my app://x/y", "http://@", "https://h.example/\u202e"),
    ],
)
def test_no_page_leads_to_what_a_browser_runs(shop: Shop, address: str) -> None:
    assert "return_url" in browse(shop, SIGN, general(), return_url=address).content.decode()
    for method, product in PRODUCTS.items():
        page = browse(shop, method, order(product), return_url=address).content.decode()
        assert "return_url" in page


@pytest.mark.parametrize("address", ["https://h.example/app?x=1#/end", "myapp://host/x?x=1#/end"])
def test_whoever_proved_an_identity_is_led_back_before_the_fragment(
    shop: Shop, buyer: WalletUser, address: str
) -> None:
    content = claiming(shop, buyer) | {"merchant_config": {"return_url": address}}
    certify_id = shop.ask(INITIALIZE, **content).node["certify_id"]
    page = browse(shop, CERTIFY, {"certify_id": certify_id}).headers["Location"]
    Client().post(page, {"phone": buyer.phone, "password": PASSWORD, "pin": PIN})
    check_led_back(shop, page, address)
    content["merchant_config"] = {"return_url": "javascript://x/%0aalert(1)"}
    assert shop.ask(INITIALIZE, **content).sub_code == "INVALID_PARAMETER"


def test_refunds_and_transfers_lead_back_before_the_fragment(shop: Shop, buyer: WalletUser) -> None:
    address = "https://h.example/app?x=1#/end"
    refund = {
        "out_trade_no": shop.sold(buyer),
        "out_request_no": "R1",
        "refund_amount": "5.00",
        "biz_type": "CREDIT_REFUND",
    }
    page = browse(shop, "alipay.trade.page.refund", refund, return_url=address).headers["Location"]
    Client().post(page, {"phone": buyer.phone, "password": PASSWORD})
    check_led_back(shop, page, address)
    give_balance(shop.merchant, 10_00)
    transfer = {
        "product_code": "TRANS_ACCOUNT_NO_PWD",
        "biz_scene": "DIRECT_TRANSFER",
        "out_biz_no": new_order(),
        "trans_amount": "3.00",
        "order_title": "奖金",
        "payee_info": payee(buyer.user_number),
    }
    owner = WalletUser.objects.get(id=shop.merchant.owner_id)
    sent = browse(shop, "alipay.fund.trans.page.pay", transfer, return_url=address)
    page = sent.headers["Location"]
    Client().post(page, {"phone": owner.phone, "password": PASSWORD, "pin": PIN})
    check_led_back(shop, page, address)


def check_led_back(shop: Shop, page: str, address: str) -> None:
    """The signed result stands between what the merchant's address has before and after `#`."""
    back, before = back_of(page), address.partition("#")[0]
    assert back.startswith(before + "&")
    assert back.endswith("#/end")
    told = dict(parse_qsl(urlsplit(back).query))
    assert told["x"] == "1"
    assert verify_notification(told, shop.gateway_pem)


@pytest.mark.parametrize("method", PRODUCTS)
def test_a_browsers_page_leads_to_no_app(shop: Shop, method: str) -> None:
    page = browse(shop, method, order(PRODUCTS[method]), return_url="myapp://host/x")
    assert "return_url" in page.content.decode()


@pytest.mark.parametrize("seconds", [True, False])
def test_a_time_is_taken_with_seconds_and_without(
    shop: Shop, buyer: WalletUser, seconds: bool
) -> None:
    until = beijing(clock.now() + timedelta(hours=2))
    until = until if seconds else until[:16]
    paid_by_code = shop.pay(fresh_code(buyer), time_expire=until)
    precreated = shop.ask(
        "alipay.trade.precreate",
        out_trade_no=new_order(),
        total_amount="1.00",
        subject="茶",
        time_expire=until,
    )
    created = shop.ask(
        "alipay.trade.create",
        out_trade_no=new_order(),
        total_amount="1.00",
        subject="茶",
        buyer_id=buyer.user_number,
        time_expire=until,
    )
    log = shop.ask(
        "alipay.data.bill.accountlog.query",
        start_time=beijing(clock.now() - timedelta(hours=1))[: None if seconds else 16],
        end_time=until,
    )
    for answer in (paid_by_code, precreated, created, log):
        assert answer.node["code"] == "10000"
    for method, product in PRODUCTS.items():
        assert browse(shop, method, order(product, time_expire=until)).status_code == 302


@pytest.mark.parametrize(
    "until", ["2026-13-01 10:00", "2026-12-01T10:00", "2026-12-01 10", "2026-12-01 10:00:00.0"]
)
def test_a_time_that_is_none_is_named(shop: Shop, buyer: WalletUser, until: str) -> None:
    refused = shop.pay(fresh_code(buyer), time_expire=until)
    assert refused.sub_code == "ACQ.INVALID_PARAMETER"
    assert "time_expire" in str(refused.node["sub_msg"])


def refunded(shop: Shop, trade_no: str, **more: Any) -> dict[str, str]:
    """Refund 50.00 of a trade; gives how it is asked after."""
    asked = {"trade_no": trade_no, "out_request_no": "R1"}
    done = shop.ask(REFUND, **asked, refund_amount="50.00", **more)
    assert done.node["code"] == "10000"
    return asked


def test_a_refunds_query_tells_what_payees_gave_back(shop: Shop, buyer: WalletUser) -> None:
    friend, trade_no = bound(shop), paid(shop, buyer)
    shop.ask(
        SETTLE,
        out_request_no=new_order(),
        trade_no=trade_no,
        royalty_parameters=[part(friend, "10.00")],
    )
    takes = [{"royalty_type": "transfer", "trans_out": friend.user_number, "amount": "4.00"}]
    asked = refunded(shop, trade_no, refund_royalty_parameters=takes)
    [told] = shop.ask(REFUND_QUERY, **asked, query_options=["refund_royaltys"]).node[
        "refund_royaltys"
    ]
    assert (told["refund_amount"], told["trans_out"], told["result_code"]) == (
        "4.00",
        friend.user_number,
        "SUCCESS",
    )
    assert "refund_royaltys" not in shop.ask(REFUND_QUERY, **asked).node


def test_a_refunds_query_tells_of_goods_money_and_the_bank(shop: Shop, buyer: WalletUser) -> None:
    goods = [{"goods_id": "G1", "refund_amount": "50.00", "out_item_id": "I1"}]
    asked = refunded(shop, paid(shop, buyer), refund_goods_detail=goods)
    options = ["refund_goods_detail", "deposit_back_info", "gmt_refund_pay"]
    node = shop.ask(REFUND_QUERY, **asked, query_options=[*options, "refund_detail_item_list"]).node
    assert node["refund_goods_detail"] == goods
    assert node["deposit_back_info"] == {"has_deposit_back": "false"}
    assert node["refund_detail_item_list"] == [{"amount": "50.00", "fund_channel": "ALIPAYACCOUNT"}]
    assert node["gmt_refund_pay"]
    bare = shop.ask(REFUND_QUERY, **asked).node
    assert not {*options, "refund_detail_item_list", "refund_royaltys"} & set(bare)


@pytest.mark.parametrize(
    "address",
    [
        "http://user:secret@shop.example/n",
        "http://shop.example/n#paid",
        "http://shop.example:99999/n",
        "http://shop.example:0/n",
        "http://[::1/n",
    ],
)
def test_a_notification_address_that_cannot_be_called_is_named(shop: Shop, address: str) -> None:
    sold = {"out_trade_no": new_order(), "total_amount": "1.00", "subject": "茶"}
    told = shop.send(shop.params("alipay.trade.precreate", sold, notify_url=address))
    assert "notify_url" in told.node["sub_msg"]
    page = browse(
        shop,
        "alipay.trade.page.pay",
        order(
            PRODUCTS["alipay.trade.page.pay"], agreement_sign_params=cyclic(sign_notify_url=address)
        ),
    )
    assert "sign_notify_url" in page.content.decode()
    with pytest.raises(NotifyUrlInvalid):
        check_notify_url(address)
