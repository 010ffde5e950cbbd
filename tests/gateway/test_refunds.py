"""alipay.trade.refund and its query: parts, repeats, too much, to source."""

import pytest

from tests.factories.accounts import available_minor
from tests.gateway.world import Shop, Told, fresh_code, make_shop
from wallet.accounts.models import WalletUser

pytestmark = pytest.mark.django_db


def refund(shop: Shop, order: str, amount: object, request: str = "", **more: object) -> Told:
    """Give back part or all of an order."""
    content = {"out_trade_no": order, "refund_amount": amount, **more}
    if request:
        content["out_request_no"] = request
    return shop.ask("alipay.trade.refund", **content)


def test_gives_two_parts_back_and_refuses_a_third_that_is_too_much(
    shop: Shop, buyer: WalletUser
) -> None:
    order = shop.sold(buyer)
    first = refund(shop, order, "5.00", "R1").node
    second = refund(shop, order, 4, "R2").node
    assert [first[name] for name in ("send_back_fee", "refund_fee")] == ["5.00", "5.00"]
    assert [second[name] for name in ("send_back_fee", "refund_fee")] == ["4.00", "9.00"]
    third = refund(shop, order, "3.01", "R3")
    assert third.sub_code == "ACQ.REASON_TRADE_REFUND_FEE_ERR"
    assert third.node["refund_fee"] == third.node["send_back_fee"] == "0.00"
    assert third.node["out_trade_no"] == order
    assert available_minor(buyer) == 997_00


def test_tells_every_field(shop: Shop, buyer: WalletUser) -> None:
    sold = shop.pay(fresh_code(buyer)).node
    node = refund(
        shop, sold["out_trade_no"], "12.00", query_options=["refund_detail_item_list"]
    ).node
    assert len(node.pop("gmt_refund_pay")) == 19
    assert node == {
        "code": "10000",
        "msg": "Success",
        "buyer_logon_id": sold["buyer_logon_id"],
        "buyer_user_id": buyer.user_number,
        "fund_change": "Y",
        "out_trade_no": sold["out_trade_no"],
        "refund_detail_item_list": [{"amount": "12.00", "fund_channel": "ALIPAYACCOUNT"}],
        "refund_fee": "12.00",
        "send_back_fee": "12.00",
        "trade_no": sold["trade_no"],
    }


def test_moves_nothing_when_repeated(shop: Shop, buyer: WalletUser) -> None:
    order = shop.sold(buyer)
    changes = [refund(shop, order, "5.00", "R1").node["fund_change"] for _ in range(3)]
    assert changes == ["Y", "N", "N"]
    assert available_minor(buyer) == 993_00


def test_refuses_a_request_number_with_another_amount(shop: Shop, buyer: WalletUser) -> None:
    order = shop.sold(buyer)
    refund(shop, order, "5.00", "R1")
    answer = refund(shop, order, "4.00", "R1")
    assert answer.sub_code == "ACQ.DISCORDANT_REPEAT_REQUEST"


def test_refuses_a_part_without_a_request_number(shop: Shop, buyer: WalletUser) -> None:
    answer = refund(shop, shop.sold(buyer), "5.00")
    assert answer.sub_code == "ACQ.REFUND_AMT_NOT_EQUAL_TOTAL"


def test_closes_a_trade_that_is_refunded_in_full(shop: Shop, buyer: WalletUser) -> None:
    order = shop.sold(buyer)
    refund(shop, order, "12.00")
    assert refund(shop, order, "12.00").node["fund_change"] == "N"
    found = shop.ask("alipay.trade.query", out_trade_no=order).node
    assert found["trade_status"] == "TRADE_CLOSED"
    assert refund(shop, order, "1.00", "R9").sub_code == "ACQ.REASON_TRADE_REFUND_FEE_ERR"


def test_refuses_unknown_and_unpaid_trades(shop: Shop, buyer: WalletUser) -> None:
    shop.ask(
        "alipay.trade.create",
        out_trade_no="UNPAID",
        total_amount="1",
        subject="Tea",
        buyer_id=buyer.user_number,
    )
    assert refund(shop, "NEVER", "1.00").sub_code == "ACQ.TRADE_NOT_EXIST"
    assert refund(shop, "UNPAID", "1.00").sub_code == "ACQ.TRADE_STATUS_ERROR"


def test_refuses_another_merchants_trade(shop: Shop, buyer: WalletUser) -> None:
    order = shop.sold(buyer)
    answer = refund(make_shop("Noodle Bar"), order, "12.00")
    assert answer.sub_code == "ACQ.TRADE_NOT_EXIST"


@pytest.mark.parametrize(
    ("content", "field"),
    [
        ({"refund_amount": "0"}, "refund_amount"),
        ({"refund_amount": "1.001"}, "refund_amount"),
        ({"refund_amount": ""}, "refund_amount"),
        ({"out_request_no": "x" * 65}, "out_request_no"),
        ({"refund_reason": "unbalanced {"}, "refund_reason"),
        ({"query_options": "x"}, "query_options"),
    ],
)
def test_names_the_field_that_is_wrong(
    shop: Shop, buyer: WalletUser, content: dict[str, str], field: str
) -> None:
    order = shop.sold(buyer)
    answer = shop.ask(
        "alipay.trade.refund", **({"out_trade_no": order, "refund_amount": "1.00"} | content)
    )
    assert answer.sub_code == "ACQ.INVALID_PARAMETER"
    assert answer.node["sub_msg"].endswith(field)


def test_query_tells_a_refund(shop: Shop, buyer: WalletUser) -> None:
    order = shop.sold(buyer)
    done = refund(shop, order, "5.00", "R1", refund_reason="冷/cold").node
    node = shop.ask(
        "alipay.trade.fastpay.refund.query",
        out_trade_no=order,
        out_request_no="R1",
        query_options=["gmt_refund_pay"],
    ).node
    assert node == {
        "code": "10000",
        "msg": "Success",
        "gmt_refund_pay": done["gmt_refund_pay"],
        "out_request_no": "R1",
        "out_trade_no": order,
        "refund_amount": "5.00",
        "refund_reason": "冷/cold",
        "refund_status": "REFUND_SUCCESS",
        "total_amount": "12.00",
        "trade_no": done["trade_no"],
    }


def test_query_tells_where_the_money_went_if_asked(shop: Shop, buyer: WalletUser) -> None:
    named = {"out_trade_no": shop.sold(buyer), "out_request_no": "R1"}
    shop.ask("alipay.trade.refund", **named, refund_amount="5.00")
    asked = {"query_options": ["refund_detail_item_list"]}
    node = shop.ask("alipay.trade.fastpay.refund.query", **named, **asked).node
    assert node["refund_detail_item_list"] == [{"amount": "5.00", "fund_channel": "ALIPAYACCOUNT"}]
    assert "gmt_refund_pay" not in node


def test_no_other_currency_goes_back(shop: Shop, buyer: WalletUser) -> None:
    named = {"out_trade_no": shop.sold(buyer), "out_request_no": "R1", "refund_amount": "5.00"}
    answer = shop.ask("alipay.trade.refund", **named, refund_currency="USD")
    assert answer.sub_code == "ACQ.INVALID_PARAMETER"
    assert shop.ask("alipay.trade.refund", **named, refund_currency="CNY").sub_code == ""


def test_query_of_an_unknown_refund_succeeds_without_a_status(
    shop: Shop, buyer: WalletUser
) -> None:
    node = shop.ask(
        "alipay.trade.fastpay.refund.query",
        out_trade_no=shop.sold(buyer),
        out_request_no="NEVER",
    ).node
    assert node == {"code": "10000", "msg": "Success"}


@pytest.mark.parametrize(
    ("content", "sub_code"),
    [
        ({"out_trade_no": "NEVER", "out_request_no": "R1"}, "ACQ.TRADE_NOT_EXIST"),
        ({"out_trade_no": "NEVER"}, "ACQ.INVALID_PARAMETER"),
    ],
)
def test_query_refuses_what_it_cannot_find(
    shop: Shop, content: dict[str, str], sub_code: str
) -> None:
    assert shop.ask("alipay.trade.fastpay.refund.query", **content).sub_code == sub_code
