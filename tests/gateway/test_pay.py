"""alipay.trade.pay: a code is read, money moves, the answer says so."""

from typing import Any

import pytest

from tests.factories.accounts import available_minor, make_user
from tests.gateway.world import Shop, fresh_code, make_shop, new_order
from wallet.accounts.models import WalletUser

pytestmark = pytest.mark.django_db
EMPTY = {
    "buyer_pay_amount": "0.00",
    "invoice_amount": "0.00",
    "point_amount": "0.00",
    "receipt_amount": "0.00",
}


def test_moves_the_money_and_tells_every_field(shop: Shop, buyer: WalletUser) -> None:
    node = shop.pay(fresh_code(buyer), order="ORDER1", store_id="S1").node
    assert available_minor(buyer) == 988_00
    assert len(node.pop("trade_no")) == 28
    assert len(node.pop("gmt_payment")) == 19
    assert node.pop("buyer_logon_id") == f"138****{buyer.phone[-4:]}"
    assert node == {
        "code": "10000",
        "msg": "Success",
        "buyer_pay_amount": "12.00",
        "buyer_user_id": buyer.user_number,
        "fund_bill_list": [{"amount": "12.00", "fund_channel": "ALIPAYACCOUNT"}],
        "invoice_amount": "12.00",
        "out_trade_no": "ORDER1",
        "point_amount": "0.00",
        "receipt_amount": "12.00",
        "store_name": "Tea House",
        "total_amount": "12.00",
    }


@pytest.mark.parametrize("amount", ["88.8", 88.8, "88.80"])
def test_takes_amounts_as_text_and_as_numbers(shop: Shop, buyer: WalletUser, amount: Any) -> None:
    assert shop.pay(fresh_code(buyer), amount=amount).node["total_amount"] == "88.80"


def test_refuses_a_paid_order_with_the_same_code_and_with_another(
    shop: Shop, buyer: WalletUser
) -> None:
    order, code = new_order(), fresh_code(buyer)
    shop.pay(code, order=order)
    for again in (code, fresh_code(buyer)):
        assert shop.pay(again, order=order).sub_code == "ACQ.TRADE_HAS_SUCCESS"
    assert available_minor(buyer) == 988_00


def test_refuses_an_order_number_with_other_content(shop: Shop, buyer: WalletUser) -> None:
    order = shop.sold(buyer)
    answer = shop.pay(fresh_code(buyer), order=order, amount="13.00")
    assert answer.sub_code == "ACQ.CONTEXT_INCONSISTENT"


def test_refuses_a_closed_order(shop: Shop, buyer: WalletUser) -> None:
    order = shop.sold(buyer)
    shop.ask("alipay.trade.cancel", out_trade_no=order)
    assert shop.pay(fresh_code(buyer), order=order).sub_code == "ACQ.TRADE_HAS_CLOSE"


def test_refuses_a_code_that_has_been_used(shop: Shop, buyer: WalletUser) -> None:
    code = fresh_code(buyer)
    shop.pay(code)
    assert shop.pay(code).sub_code == "ACQ.PAYMENT_AUTH_CODE_INVALID"


@pytest.mark.parametrize("code", ["28763443825664394000", "1", "abc", "28" * 20])
def test_refuses_a_code_that_is_none(shop: Shop, code: str) -> None:
    assert shop.pay(code).sub_code == "ACQ.PAYMENT_AUTH_CODE_INVALID"


def test_refuses_what_the_buyer_cannot_pay(shop: Shop) -> None:
    poor = make_user(balance_minor=5_00)
    answer = shop.pay(fresh_code(poor), order="POOR1")
    assert answer.sub_code == "ACQ.BUYER_BALANCE_NOT_ENOUGH"
    assert answer.node["out_trade_no"] == "POOR1"
    assert EMPTY.items() <= answer.node.items()


def test_refuses_a_buyer_who_owns_the_shop(db: None) -> None:
    owner = make_user(balance_minor=100_00)
    shop = make_shop(owner=owner)
    assert shop.pay(fresh_code(owner)).sub_code == "ACQ.BUYER_SELLER_EQUAL"


def test_waits_for_the_buyers_pin_above_the_no_pin_limit(shop: Shop) -> None:
    rich = make_user(balance_minor=50_000_00, kyc_tier=3)
    order, code = new_order(), fresh_code(rich)
    for _ in range(2):
        node = shop.pay(code, order=order, amount="9999.00").node
        assert (node["code"], node["msg"]) == ("10003", "order success pay inprocess")
        assert node["buyer_pay_amount"] == "0.00"
    found = shop.ask("alipay.trade.query", out_trade_no=order).node
    assert found["trade_status"] == "WAIT_BUYER_PAY"


@pytest.mark.parametrize(
    ("content", "field"),
    [
        ({"out_trade_no": ""}, "out_trade_no"),
        ({"out_trade_no": "bad number!"}, "out_trade_no"),
        ({"out_trade_no": "x" * 65}, "out_trade_no"),
        ({"total_amount": "0"}, "total_amount"),
        ({"total_amount": "-1"}, "total_amount"),
        ({"total_amount": "0.001"}, "total_amount"),
        ({"total_amount": 0.001}, "total_amount"),
        ({"total_amount": None}, "total_amount"),
        ({"total_amount": {"a": 1}}, "total_amount"),
        ({"subject": ""}, "subject"),
        ({"subject": "x" * 257}, "subject"),
        ({"scene": "no_such"}, "scene"),
        ({"auth_code": ""}, "auth_code"),
        ({"timeout_express": "16d"}, "timeout_express"),
        ({"time_expire": "2020-01-01 00:00:00"}, "time_expire"),
        ({"trans_currency": "XYZ"}, "trans_currency"),
        ({"goods_detail": "no list"}, "goods_detail"),
    ],
)
def test_names_the_field_that_is_wrong(shop: Shop, content: dict[str, object], field: str) -> None:
    whole = {
        "out_trade_no": new_order(),
        "total_amount": "1.00",
        "subject": "Tea",
        "scene": "bar_code",
        "auth_code": "2" * 20,
    }
    answer = shop.ask("alipay.trade.pay", **(whole | content))
    assert answer.sub_code == "ACQ.INVALID_PARAMETER"
    assert answer.node["sub_msg"].endswith(field)


def test_refuses_more_than_the_largest_payment(shop: Shop, buyer: WalletUser) -> None:
    answer = shop.pay(fresh_code(buyer), amount="100000000.01")
    assert answer.sub_code == "ACQ.TOTAL_FEE_EXCEED"


def test_refuses_another_merchants_seller_number(shop: Shop, buyer: WalletUser) -> None:
    answer = shop.pay(fresh_code(buyer), seller_id="2088000000000000")
    assert answer.sub_code == "ACQ.SELLER_NOT_EXIST"


def test_takes_its_own_seller_number(shop: Shop, buyer: WalletUser) -> None:
    answer = shop.pay(fresh_code(buyer), seller_id=shop.merchant.merchant_number)
    assert answer.node["code"] == "10000"
