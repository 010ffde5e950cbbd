"""Precreate, create, query, cancel and close, as a merchant's system meets them."""

from typing import Any

import pytest

from tests.factories.accounts import available_minor, make_user
from tests.factories.clock import advance
from tests.factories.funds import give_balance
from tests.gateway.world import Shop, Told, fresh_code, make_shop, new_order
from wallet.accounts.models import WalletUser

pytestmark = pytest.mark.django_db
BY_BOTH = ["out_trade_no", "trade_no"]


def precreate(shop: Shop, order: str, *, amount: str = "3.50", **more: object) -> Told:
    """Make an order to be scanned."""
    content = {"out_trade_no": order, "total_amount": amount, "subject": "Tea"} | more
    return shop.ask("alipay.trade.precreate", **content)


def create(shop: Shop, order: str, *, amount: str = "3.50", **more: object) -> Told:
    """Make a trade for a known buyer."""
    return shop.ask(
        "alipay.trade.create",
        out_trade_no=order,
        total_amount=amount,
        subject="Tea",
        **more,
    )


def status(shop: Shop, order: str) -> str:
    """How a trade stands, or the code of the refusal."""
    answer = shop.ask("alipay.trade.query", out_trade_no=order)
    return str(answer.node.get("trade_status", answer.sub_code))


def test_precreate_gives_a_code_and_no_trade(shop: Shop) -> None:
    order = new_order()
    answer = precreate(shop, order)
    assert set(answer.node) == {"code", "msg", "out_trade_no", "qr_code"}
    assert rb'"qr_code":"http:\/\/' in answer.raw
    assert status(shop, order) == "ACQ.TRADE_NOT_EXIST"


def test_precreate_gives_the_same_code_for_the_same_order(shop: Shop) -> None:
    order = new_order()
    first, again = precreate(shop, order).node, precreate(shop, order).node
    assert first["qr_code"] == again["qr_code"]


def test_precreate_refuses_other_content_for_its_order(shop: Shop) -> None:
    order = new_order()
    precreate(shop, order)
    assert precreate(shop, order, amount="4.00").sub_code == "ACQ.CONTEXT_INCONSISTENT"


def test_precreate_refuses_a_paid_and_a_closed_order(shop: Shop, buyer: WalletUser) -> None:
    paid, closed = shop.sold(buyer, amount="3.50"), new_order()
    shop.ask("alipay.trade.precreate", out_trade_no=closed, total_amount="1", subject="Tea")
    shop.ask("alipay.trade.cancel", out_trade_no=closed)
    assert precreate(shop, paid, subject="茶 Tea").sub_code == "ACQ.TRADE_HAS_SUCCESS"
    assert precreate(shop, closed, amount="1").sub_code == "ACQ.TRADE_HAS_CLOSE"


def test_precreate_limits_the_codes_life(shop: Shop) -> None:
    assert precreate(shop, new_order(), qr_code_timeout_express="5m").node["code"] == "10000"
    answer = precreate(shop, new_order(), qr_code_timeout_express="0m")
    assert answer.sub_code == "ACQ.INVALID_PARAMETER"


@pytest.mark.parametrize("named_by", ["buyer_id", "buyer_open_id", "buyer_logon_id"])
def test_create_makes_a_trade_for_a_known_buyer(
    shop: Shop, buyer: WalletUser, named_by: str
) -> None:
    name = buyer.phone if named_by == "buyer_logon_id" else buyer.user_number
    order = new_order()
    node = create(shop, order, **{named_by: name}).node
    assert (node["code"], node["out_trade_no"], len(node["trade_no"])) == ("10000", order, 28)
    assert status(shop, order) == "WAIT_BUYER_PAY"


def test_create_gives_the_same_trade_again_and_refuses_other_content(
    shop: Shop, buyer: WalletUser
) -> None:
    order, other = new_order(), make_user()
    first = create(shop, order, buyer_id=buyer.user_number).node["trade_no"]
    assert create(shop, order, buyer_id=buyer.user_number).node["trade_no"] == first
    changed = create(shop, order, buyer_id=buyer.user_number, amount="4.00")
    assert changed.sub_code == "ACQ.CONTEXT_INCONSISTENT"
    swapped = create(shop, order, buyer_id=other.user_number)
    assert swapped.sub_code == "ACQ.TRADE_BUYER_NOT_MATCH"


@pytest.mark.parametrize(
    ("buyer_named", "sub_code"),
    [
        ({"buyer_id": "2088000000000000"}, "ACQ.BUYER_NOT_EXIST"),
        ({"buyer_logon_id": "13900000000"}, "ACQ.BUYER_NOT_EXIST"),
        ({"buyer_logon_id": "nobody@example.com"}, "ACQ.BUYER_NOT_EXIST"),
        ({}, "ACQ.INVALID_PARAMETER"),
    ],
)
def test_create_refuses_a_buyer_nobody_knows(
    shop: Shop, buyer_named: dict[str, str], sub_code: str
) -> None:
    assert create(shop, new_order(), **buyer_named).sub_code == sub_code


@pytest.mark.parametrize("named_by", BY_BOTH)
def test_query_tells_every_field_of_a_paid_trade(
    shop: Shop, buyer: WalletUser, named_by: str
) -> None:
    sold = shop.pay(fresh_code(buyer), store_id="S1", terminal_id="T1").node
    node = shop.ask("alipay.trade.query", **{named_by: sold[named_by]}).node
    assert node == {
        "code": "10000",
        "msg": "Success",
        "buyer_logon_id": sold["buyer_logon_id"],
        "buyer_pay_amount": "12.00",
        "buyer_user_id": buyer.user_number,
        "buyer_user_type": "PRIVATE",
        "fund_bill_list": [{"amount": "12.00", "fund_channel": "ALIPAYACCOUNT"}],
        "invoice_amount": "12.00",
        "out_trade_no": sold["out_trade_no"],
        "point_amount": "0.00",
        "receipt_amount": "12.00",
        "send_pay_date": sold["gmt_payment"],
        "store_id": "S1",
        "store_name": "Tea House",
        "terminal_id": "T1",
        "total_amount": "12.00",
        "trade_no": sold["trade_no"],
        "trade_status": "TRADE_SUCCESS",
    }


def test_query_lets_our_number_decide_where_both_are_given(shop: Shop, buyer: WalletUser) -> None:
    sold = shop.pay(fresh_code(buyer)).node
    other = shop.sold(buyer)
    node = shop.ask("alipay.trade.query", trade_no=sold["trade_no"], out_trade_no=other).node
    assert node["out_trade_no"] == sold["out_trade_no"]


def test_query_of_an_unknown_trade_carries_the_empty_amounts(
    shop: Shop, known: dict[str, str]
) -> None:
    node = shop.ask("alipay.trade.query", out_trade_no="X").node
    assert node == known


@pytest.mark.parametrize("method", ["query", "cancel", "close", "refund", "fastpay.refund.query"])
def test_refuses_to_guess_which_trade_is_meant(shop: Shop, method: str) -> None:
    content = {"refund_amount": "1.00", "out_request_no": "R1"}
    answer = shop.ask(f"alipay.trade.{method}", **content)
    assert answer.sub_code == "ACQ.INVALID_PARAMETER"


def test_shows_no_trade_of_another_merchant(shop: Shop, buyer: WalletUser) -> None:
    sold = shop.pay(fresh_code(buyer)).node
    other = make_shop("Noodle Bar")
    for name in BY_BOTH:
        answer = other.ask("alipay.trade.query", **{name: sold[name]})
        assert answer.sub_code == "ACQ.TRADE_NOT_EXIST"


@pytest.mark.parametrize("named_by", BY_BOTH)
def test_cancel_gives_a_paid_trades_money_back_once(
    shop: Shop, buyer: WalletUser, named_by: str
) -> None:
    sold = shop.pay(fresh_code(buyer)).node
    for _ in range(2):
        node = shop.ask("alipay.trade.cancel", **{named_by: sold[named_by]}).node
        assert node == {
            "code": "10000",
            "msg": "Success",
            "action": "refund",
            "out_trade_no": sold["out_trade_no"],
            "retry_flag": "N",
            "trade_no": sold["trade_no"],
        }
    assert available_minor(buyer) == 1_000_00
    assert status(shop, sold["out_trade_no"]) == "TRADE_CLOSED"


def test_cancel_closes_an_unpaid_trade(shop: Shop, buyer: WalletUser) -> None:
    order = new_order()
    create(shop, order, buyer_id=buyer.user_number)
    assert shop.ask("alipay.trade.cancel", out_trade_no=order).node["action"] == "close"
    assert status(shop, order) == "TRADE_CLOSED"


@pytest.mark.parametrize("named", [{"out_trade_no": "NEVER"}, {"trade_no": "2" * 28}])
def test_cancel_of_an_unknown_trade_succeeds(shop: Shop, named: dict[str, str]) -> None:
    node = shop.ask("alipay.trade.cancel", **named).node
    assert node["code"] == "10000"
    assert "trade_no" not in node
    assert "action" not in node
    assert node.get("out_trade_no") == named.get("out_trade_no")


def test_cancel_refuses_a_trade_that_is_refunded_in_part(shop: Shop, buyer: WalletUser) -> None:
    order = shop.sold(buyer)
    shop.ask("alipay.trade.refund", out_trade_no=order, refund_amount="1", out_request_no="R1")
    answer = shop.ask("alipay.trade.cancel", out_trade_no=order)
    assert answer.sub_code == "ACQ.REASON_TRADE_REFUND_FEE_ERR"


def test_cancel_undoes_a_paid_trade_for_a_day_and_no_longer(shop: Shop, buyer: WalletUser) -> None:
    early, late = shop.sold(buyer), shop.sold(buyer)
    give_balance(shop.merchant, 100_00)  # the night pays the sales out
    advance(hours=23, minutes=59)
    assert shop.ask("alipay.trade.cancel", out_trade_no=early).node["action"] == "refund"
    advance(minutes=2)
    answer = shop.ask("alipay.trade.cancel", out_trade_no=late)
    assert answer.sub_code == "ACQ.TRADE_CANCEL_TIME_OUT"
    assert shop.ask("alipay.trade.cancel", out_trade_no=early).node["action"] == "refund"
    refund = {"refund_amount": "12.00", "out_trade_no": late}
    assert shop.ask("alipay.trade.refund", **refund).node["fund_change"] == "Y"


def test_cancel_closes_an_unpaid_trade_after_days(shop: Shop, buyer: WalletUser) -> None:
    order = new_order()
    create(shop, order, buyer_id=buyer.user_number)
    advance(days=3)
    assert shop.ask("alipay.trade.cancel", out_trade_no=order).node["action"] == "close"


def test_close_refuses_a_trade_whose_money_went_back(shop: Shop, buyer: WalletUser) -> None:
    order = shop.sold(buyer)
    shop.ask("alipay.trade.cancel", out_trade_no=order)
    answer = shop.ask("alipay.trade.close", out_trade_no=order)
    assert answer.sub_code == "ACQ.TRADE_STATUS_ERROR"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"discountable_amount": "x"}, "discountable_amount"),
        ({"discountable_amount": "3.51"}, "discountable_amount"),
        ({"undiscountable_amount": "3.51"}, "undiscountable_amount"),
        (
            {"discountable_amount": "1.00", "undiscountable_amount": "2.00"},
            "undiscountable_amount",
        ),
        ({"time_expire": "2099-01-01 00:00:00"}, "time_expire"),
    ],
)
def test_amounts_and_times_that_cannot_be_are_named(
    shop: Shop, given: dict[str, str], field: str
) -> None:
    answer = precreate(shop, new_order(), **given)
    assert answer.sub_code == "ACQ.INVALID_PARAMETER"
    assert answer.node["sub_msg"].endswith(f": {field}")


@pytest.mark.parametrize(
    "given",
    [
        {"discountable_amount": "0.00", "undiscountable_amount": "3.50"},
        {"discountable_amount": 1, "undiscountable_amount": 2.5},
        {"discountable_amount": "3.50"},
    ],
)
def test_what_may_be_discounted_may_be_said(shop: Shop, given: dict[str, Any]) -> None:
    assert precreate(shop, new_order(), **given).node["code"] == "10000"


@pytest.mark.parametrize("address", ["ftp://shop.example/", "nonsense", "http://", "http://a b"])
def test_an_address_that_nothing_can_be_sent_to_is_refused(shop: Shop, address: str) -> None:
    content = {"out_trade_no": new_order(), "total_amount": "1.00", "subject": "Tea"}
    params = shop.params("alipay.trade.precreate", content, notify_url=address)
    answer = shop.send(params)
    assert answer.sub_code == "ACQ.INVALID_PARAMETER"
    assert "notify_url" in answer.node["sub_msg"]


def test_a_payment_past_the_buyers_tier_says_so(shop: Shop, buyer: WalletUser) -> None:
    answer = shop.pay(fresh_code(buyer), amount="100000000.00")
    assert answer.sub_code == "ACQ.ERROR_BUYER_CERTIFY_LEVEL_LIMIT"


def test_close_ends_an_unpaid_trade(shop: Shop, buyer: WalletUser) -> None:
    order = new_order()
    trade_no = create(shop, order, buyer_id=buyer.user_number).node["trade_no"]
    node = shop.ask("alipay.trade.close", out_trade_no=order).node
    assert (node["out_trade_no"], node["trade_no"]) == (order, trade_no)
    assert status(shop, order) == "TRADE_CLOSED"


@pytest.mark.parametrize("end", ["paid", "closed"])
@pytest.mark.parametrize("name", ["out_trade_no", "trade_no"])
def test_close_of_an_ended_trade_names_the_order(
    shop: Shop, buyer: WalletUser, end: str, name: str
) -> None:
    order = new_order()
    if end == "paid":
        shop.sold(buyer, order=order)
    else:
        create(shop, order, buyer_id=buyer.user_number)
        shop.ask("alipay.trade.close", out_trade_no=order)
    trade_no = str(shop.ask("alipay.trade.query", out_trade_no=order).node["trade_no"])
    number = order if name == "out_trade_no" else trade_no
    answer = shop.ask("alipay.trade.close", **{name: number})
    assert (answer.sub_code, answer.node["out_trade_no"]) == ("ACQ.TRADE_STATUS_ERROR", order)


def test_close_refuses_paid_and_unknown_trades(shop: Shop, buyer: WalletUser) -> None:
    order = new_order()
    precreate(shop, order)
    refused = {
        shop.sold(buyer): "ACQ.TRADE_STATUS_ERROR",
        order: "ACQ.TRADE_NOT_EXIST",
        "NEVER": "ACQ.TRADE_NOT_EXIST",
    }
    for number, sub_code in refused.items():
        answer = shop.ask("alipay.trade.close", out_trade_no=number)
        assert answer.sub_code == sub_code


def test_an_unpaid_trade_closes_when_its_time_is_up(shop: Shop, buyer: WalletUser) -> None:
    order = new_order()
    create(shop, order, buyer_id=buyer.user_number, timeout_express="5m")
    advance(minutes=4)
    assert status(shop, order) == "WAIT_BUYER_PAY"
    advance(minutes=2)
    assert status(shop, order) == "TRADE_CLOSED"


@pytest.fixture
def known() -> dict[str, str]:
    """The vector's answer to a query of an unknown trade X."""
    return {
        "code": "40004",
        "msg": "Business Failed",
        "sub_code": "ACQ.TRADE_NOT_EXIST",
        "sub_msg": "交易不存在",
        "buyer_pay_amount": "0.00",
        "invoice_amount": "0.00",
        "out_trade_no": "X",
        "point_amount": "0.00",
        "receipt_amount": "0.00",
    }
