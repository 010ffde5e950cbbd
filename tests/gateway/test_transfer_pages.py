"""Transfers that a merchant's owner releases: batch.create, trans.page.pay and trans.app.pay."""

import re
from datetime import timedelta
from html import unescape
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from django.test import Client

from config.kernel import clock
from lab.mock_merchant.signing import verify_notification
from merchants.funds.models import MerchantTransfer
from merchants.onboarding.usecases.suspend_merchant import suspend_merchant
from merchants.protocol.formats import beijing
from tests.factories.accounts import PASSWORD, PIN, available_minor, client_of, make_user, post
from tests.factories.clock import advance
from tests.factories.funds import balance_minor, give_balance
from tests.gateway.app_orders import order_string, signed_node
from tests.gateway.rows_transfer_batches import CLOSE, CREATE, DETAIL, creating
from tests.gateway.rows_transfers import payee
from tests.gateway.world import Shop, make_shop, new_order
from wallet.accounts.models import WalletUser
from wallet.ledger.usecases.verify_ledger import verify_ledger

pytestmark = pytest.mark.django_db
PAGE, APP = "alipay.fund.trans.page.pay", "alipay.fund.trans.app.pay"
COMMON = "alipay.fund.trans.common.query"
BACK = "http://shop.example/paid"


def owner_of(shop: Shop) -> WalletUser:
    """The shop's owner, who alone releases money."""
    return WalletUser.objects.get(id=shop.merchant.owner_id)


def created(shop: Shop, buyer: WalletUser, **changes: Any) -> dict[str, Any]:
    """A batch that waits; gives the page's content."""
    node = shop.ask(CREATE, **creating(shop, buyer) | changes).node
    assert node["status"] == "WAIT_PAY"
    return {
        "order_id": node["batch_trans_id"],
        "product_code": "BATCH_API_TO_ACC",
        "biz_scene": "MESSAGE_BATCH_PAY",
    }


def single(shop: Shop, buyer: WalletUser) -> dict[str, Any]:
    """One transfer that its owner is to release."""
    give_balance(shop.merchant, 100_00)
    return {
        "out_biz_no": new_order(),
        "trans_amount": "3.00",
        "product_code": "TRANS_ACCOUNT_NO_PWD",
        "biz_scene": "DIRECT_TRANSFER",
        "payee_info": payee(buyer.user_number),
        "order_title": "奖金",
    }


def open_page(shop: Shop, content: dict[str, Any]) -> Any:
    """Send the owner's browser to the gateway."""
    params = shop.params(PAGE, content, return_url=BACK)
    return shop.http.get("/gateway.do?" + urlencode(params))


def release(page: str, user: WalletUser, **changes: str) -> Any:
    """Fill the page's form in."""
    return Client().post(page, {"phone": user.phone, "password": PASSWORD, "pin": PIN} | changes)


def status(shop: Shop, content: dict[str, Any]) -> str:
    """How the batch stands."""
    return str(shop.ask(DETAIL, batch_no=content["order_id"]).node["batch_status"])


def test_nothing_is_sent_before_the_owner_releases_it(shop: Shop, buyer: WalletUser) -> None:
    content, before_minor = created(shop, buyer), available_minor(buyer)
    advance(minutes=1)
    assert (available_minor(buyer), status(shop, content)) == (before_minor, "WAIT_PAY")
    page = open_page(shop, content).headers["Location"]
    assert "3.00" in Client().get(page).content.decode()
    assert release(page, owner_of(shop)).status_code == 302
    advance(seconds=1)
    assert (available_minor(buyer), status(shop, content)) == (before_minor + 3_00, "SUCCESS")
    found = re.search(r'id="back" href="([^"]+)"', Client().get(page).content.decode())
    assert found
    told = dict(parse_qsl(urlsplit(unescape(found[1])).query))
    assert verify_notification(told, shop.gateway_pem)
    assert (told["method"], told["order_id"], told["status"]) == (
        f"{PAGE}.return",
        content["order_id"],
        "SUCCESS",
    )
    assert verify_ledger().passed


def test_a_batch_is_released_once(shop: Shop, buyer: WalletUser) -> None:
    content, before_minor = created(shop, buyer), available_minor(buyer)
    page = open_page(shop, content).headers["Location"]
    for _ in range(2):
        assert release(page, owner_of(shop)).status_code == 302
        advance(seconds=1)
    assert available_minor(buyer) == before_minor + 3_00


def test_nobody_but_the_owner_releases_it(shop: Shop, buyer: WalletUser) -> None:
    content = created(shop, buyer)
    page = open_page(shop, content).headers["Location"]
    assert release(page, buyer).status_code == 422
    assert release(page, owner_of(shop), pin="000000").status_code == 422
    assert release(page, owner_of(shop), password="wrong-password").status_code == 422
    assert status(shop, content) == "WAIT_PAY"


def test_a_batch_that_is_not_paid_in_time_is_void(shop: Shop, buyer: WalletUser) -> None:
    soon = beijing(clock.now() + timedelta(minutes=10))
    content = created(shop, buyer, time_expire=soon)
    page = open_page(shop, content).headers["Location"]
    advance(minutes=11)
    assert release(page, owner_of(shop)).status_code == 422
    assert status(shop, content) == "INVALID"
    assert "BATCH_STATUS_ERROR" in open_page(shop, content).content.decode()


def test_a_closed_batch_is_not_paid(shop: Shop, buyer: WalletUser) -> None:
    content = created(shop, buyer)
    page = open_page(shop, content).headers["Location"]
    assert shop.ask(CLOSE, batch_trans_id=content["order_id"]).node["status"] == "INVALID"
    assert release(page, owner_of(shop)).status_code == 422
    assert "BATCH_STATUS_ERROR" in open_page(shop, content).content.decode()


def test_a_suspended_merchants_batch_stays(shop: Shop, buyer: WalletUser) -> None:
    content = created(shop, buyer)
    page = open_page(shop, content).headers["Location"]
    suspend_merchant(merchant_id=shop.merchant.id, actor="operator:mia", reason="test")
    assert release(page, owner_of(shop)).status_code == 422
    assert status(shop, content) == "WAIT_PAY"


def test_one_transfer_is_sent_as_it_is_released(shop: Shop, buyer: WalletUser) -> None:
    content, before_minor = single(shop, buyer), available_minor(buyer)
    page = open_page(shop, content).headers["Location"]
    asked = {"out_biz_no": content["out_biz_no"]}
    assert shop.ask(COMMON, **asked).node["status"] == "WAIT_PAY"
    assert open_page(shop, content).status_code == 302
    assert release(page, owner_of(shop)).status_code == 302
    assert available_minor(buyer) == before_minor + 3_00
    assert shop.ask(COMMON, **asked).node["status"] == "SUCCESS"
    other = content | {"trans_amount": "4.00"}
    assert "PAYMENT_INFO_INCONSISTENCY" in open_page(shop, other).content.decode()


def test_too_little_balance_sends_nothing(shop: Shop, buyer: WalletUser) -> None:
    content = single(shop, buyer) | {"trans_amount": "100.01"}
    before_minor = balance_minor(shop.merchant)
    page = open_page(shop, content).headers["Location"]
    release(page, owner_of(shop))
    assert shop.ask(COMMON, out_biz_no=content["out_biz_no"]).node["status"] == "FAIL"
    assert (MerchantTransfer.objects.count(), balance_minor(shop.merchant)) == (0, before_minor)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"order_id": "NEVER"}, "ORDER_NOT_EXIST"),
        ({"order_id": ""}, "INVALID_PARAMETER"),
        ({"biz_scene": "OTHER"}, "INVALID_PARAMETER"),
        ({"product_code": "STD_RED_PACKET"}, "PRODUCT_NOT_SIGN"),
        ({"product_code": "TRANS_ACCOUNT_NO_PWD"}, "INVALID_PARAMETER"),
    ],
)
def test_refusals_are_pages(
    shop: Shop, buyer: WalletUser, changes: dict[str, str], code: str
) -> None:
    answer = open_page(shop, created(shop, buyer) | changes)
    assert f"错误代码 {code}" in answer.content.decode()


def test_another_merchants_batch_does_not_exist(shop: Shop, buyer: WalletUser) -> None:
    content = created(make_shop("Noodle Bar"), buyer)
    assert "ORDER_NOT_EXIST" in open_page(shop, content).content.decode()


def test_a_page_that_is_over_releases_nothing(shop: Shop, buyer: WalletUser) -> None:
    content = created(shop, buyer)
    page = open_page(shop, content).headers["Location"]
    advance(minutes=31)
    assert release(page, owner_of(shop)).status_code == 404
    assert status(shop, content) == "WAIT_PAY"


def pay_in_app(user: WalletUser, order: str, pin: str = PIN) -> Any:
    """Hand an order string to a wallet and pay it."""
    return post(client_of(user), "app-orders/pay", {"order": order, "pin": pin}, "k2")


def test_an_app_hands_the_batch_to_its_owners_wallet(shop: Shop, buyer: WalletUser) -> None:
    content, before_minor = created(shop, buyer), available_minor(buyer)
    order = order_string(shop, APP, content)
    owner = owner_of(shop)
    shown = post(client_of(owner), "app-orders", {"order": order}, "k1").json()
    assert (shown["amount"], shown["waits"], shown["method"]) == ("3.00", True, APP)
    answer = pay_in_app(owner, order).json()
    assert answer["resultStatus"] == "9000"
    node = signed_node(shop, answer["result"])
    assert (node["order_id"], node["status"]) == (content["order_id"], "DEALING")
    advance(seconds=1)
    assert available_minor(buyer) == before_minor + 3_00
    assert pay_in_app(owner, order).json()["resultStatus"] == "9000"
    advance(seconds=1)
    assert available_minor(buyer) == before_minor + 3_00


def test_an_app_order_of_one_transfer(shop: Shop, buyer: WalletUser) -> None:
    content, before_minor = single(shop, buyer), available_minor(buyer)
    answer = pay_in_app(owner_of(shop), order_string(shop, APP, content)).json()
    assert signed_node(shop, answer["result"])["status"] == "SUCCESS"
    assert available_minor(buyer) == before_minor + 3_00


def test_another_wallet_cannot_open_it(shop: Shop, buyer: WalletUser) -> None:
    order = order_string(shop, APP, created(shop, buyer))
    stranger = make_user(balance_minor=100_00)
    refused = post(client_of(stranger), "app-orders", {"order": order}, "k1")
    assert (refused.status_code, refused.json()["code"]) == (422, "app_order_refused")
    wrong = pay_in_app(owner_of(shop), order, pin="000000")
    assert wrong.status_code in {401, 403, 422}


def test_sent_to_the_gateway_the_apps_method_is_unknown(shop: Shop) -> None:
    assert shop.ask(APP).sub_code == "isv.invalid-method"


@pytest.mark.parametrize(
    "change",
    [
        {"total_count": "3"},
        {"total_trans_amount": "4.00"},
        {"time_expire": "2020-01-01 00:00:00"},
        {"biz_scene": "DIRECT_TRANSFER"},
        {"order_title": ""},
    ],
)
def test_a_batch_that_does_not_add_up_is_not_taken(
    shop: Shop, buyer: WalletUser, change: dict[str, str]
) -> None:
    assert shop.ask(CREATE, **creating(shop, buyer) | change).sub_code == "INVALID_PARAMETER"
