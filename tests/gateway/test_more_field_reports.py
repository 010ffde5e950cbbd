"""More of what integrators ran into: each report is public and named where it is not ours.

The names are those of the repositories on GitHub and the numbers of their issues.
"""

from typing import Any

import pytest

from merchants.gateway.methods.app_orders import APP_METHODS
from merchants.onboarding.usecases.register_app import NotifyUrlInvalid, check_notify_url
from tests.factories.funds import give_balance
from tests.gateway.agreements import SIGN, cyclic, monthly
from tests.gateway.world import Shop, new_order
from wallet.accounts.models import WalletUser

pytestmark = pytest.mark.django_db
PRECREATE, UNI = "alipay.trade.precreate", "alipay.fund.trans.uni.transfer"


def order(**more: Any) -> dict[str, Any]:
    """An order that is scanned later."""
    return {"out_trade_no": new_order(), "total_amount": "1.00", "subject": "茶"} | more


def test_blanks_around_an_address_are_signed_and_then_forgotten(shop: Shop) -> None:
    """fzlee/alipay 54 and 126: a library that cannot leave an address out is given a blank."""
    for address in (" ", " http://shop.example/n", "http://shop.example/n \r\n"):
        answer = shop.send(shop.params(PRECREATE, order(), notify_url=address))
        assert answer.node["code"] == "10000", address
    page = order(product_code="FAST_INSTANT_TRADE_PAY")
    params = shop.params("alipay.trade.page.pay", page, return_url=" ", notify_url=" ")
    assert shop.http.post("/gateway.do", params).status_code == 302


def test_letters_beyond_ascii_are_no_address_to_call(shop: Shop) -> None:
    address = "http://shop.example/通知"
    answer = shop.send(shop.params(PRECREATE, order(), notify_url=address))
    assert "notify_url" in answer.node["sub_msg"]
    with pytest.raises(NotifyUrlInvalid):
        check_notify_url(address)


@pytest.mark.parametrize("blank", [" ", "\t\n", "\u3000", "\u00a0"])
def test_a_required_text_of_blanks_is_missing(shop: Shop, blank: str) -> None:
    for name in ("subject", "out_trade_no", "total_amount"):
        answer = shop.ask(PRECREATE, **order(**{name: blank}))
        assert answer.sub_code == "ACQ.INVALID_PARAMETER"
        assert answer.node["sub_msg"].endswith(f"缺少必选参数: {name}")


@pytest.mark.parametrize("after", ["QUJD", "=", "==QUJD", "!"])
def test_nothing_follows_a_signature(shop: Shop, after: str) -> None:
    params = shop.params(PRECREATE, order())
    wrapped = params["sign"][:76] + "\r\n" + params["sign"][76:] + "\n"
    assert shop.send(params | {"sign": wrapped}).node["code"] == "10000"
    answer = shop.send(shop.params(PRECREATE, order()) | {"sign": params["sign"] + after})
    assert answer.sub_code == "isv.invalid-signature"


@pytest.mark.parametrize("method", APP_METHODS)
def test_a_method_of_apps_is_told_from_one_that_is_not_offered(shop: Shop, method: str) -> None:
    """alipay-sdk-nodejs-all 74: the server calls what an app should open."""
    answer = shop.ask(method, **order())
    assert answer.sub_code == "isv.invalid-method"
    assert "App的SDK" in answer.node["sub_msg"]


@pytest.mark.parametrize(
    ("card", "field"),
    [
        (None, "bankcard_ext_info"),
        ({}, "account_type"),
        ({"inst_name": "工商银行"}, "account_type"),
        ({"account_type": "3"}, "account_type"),
        ({"account_type": "1"}, "inst_name"),
        ({"account_type": "1", "inst_name": "工商银行"}, "inst_branch_name"),
        ({"account_type": "2"}, ""),
        ({"account_type": "1", "inst_name": "工商银行", "bank_code": "102"}, ""),
    ],
)
def test_a_card_says_whose_account_it_leads_to(
    shop: Shop, buyer: WalletUser, card: dict[str, str] | None, field: str
) -> None:
    """smartwalle/alipay 216: the real gateway refuses a card without `bankcard_ext_info`."""
    give_balance(shop.merchant, 100_00)
    named = {"identity": "6222020200011100", "identity_type": "BANKCARD_ACCOUNT", "name": "李华"}
    answer = shop.ask(
        UNI,
        out_biz_no=new_order(),
        trans_amount="1.00",
        product_code="TRANS_BANKCARD_NO_PWD",
        biz_scene="DIRECT_TRANSFER",
        payee_info=named | ({} if card is None else {"bankcard_ext_info": card}),
    )
    assert (answer.sub_code == "INVALID_PARAMETER") is bool(field)
    assert str(answer.node.get("sub_msg", "")).endswith(field)


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "0001-01", "9999-12"])
def test_the_calendars_ends_are_no_days_of_bills_or_agreements(shop: Shop, day: str) -> None:
    for kind in ("trade", "signcustomer"):
        bill = {"bill_type": kind, "bill_date": day}
        answer = shop.ask("alipay.data.dataservice.bill.downloadurl.query", **bill)
        assert answer.sub_code in {"INVALID_PARAMETER", "isp.bill_not_exist"}
    offer = cyclic(period_rule_params=monthly(execute_time=day))
    page = shop.http.post("/gateway.do", shop.params(SIGN, offer))
    assert "execute_time" in page.content.decode()


def test_what_is_missing_is_said_once(shop: Shop) -> None:
    params = shop.params("alipay.system.oauth.token", "{}")
    answer = shop.send(params)
    assert answer.node["sub_msg"] == "缺少必选参数: grant_type"
