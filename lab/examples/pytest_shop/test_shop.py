"""A shop's test suite against a world that is reset before each test: twenty tests."""

import pytest

from lab.cli.remote import WorldRefuses
from lab.pytest_plugin import World


def sell(saoma: World, amount: str, order: str = "A1") -> dict[str, str]:
    """Sell by the code on Li's phone."""
    answer = saoma.shop("baozi").pay(
        out_trade_no=order, amount=amount, subject="buns", auth_code=saoma.code("li")
    )
    return {"code": answer.code, "sub_code": answer.sub_code}


@pytest.mark.parametrize("amount", ["0.01", "12.00", "88.88", "100.00", "500.00"])
def test_takes_what_was_asked(saoma: World, amount: str) -> None:
    assert sell(saoma, amount)["code"] == "10000"
    assert float(saoma.person("li")["balance"]) == pytest.approx(2000 - float(amount))


@pytest.mark.parametrize("run", range(4))
def test_every_test_begins_with_the_same_world(saoma: World, run: int) -> None:
    assert saoma.person("li")["balance"] == "2000.00"
    assert sell(saoma, "12.00")["code"] == "10000"


def test_the_same_order_is_paid_once(saoma: World) -> None:
    sell(saoma, "12.00")
    assert sell(saoma, "12.00")["sub_code"] == "ACQ.TRADE_HAS_SUCCESS"
    assert saoma.person("li")["balance"] == "1988.00"


def test_a_code_pays_once(saoma: World) -> None:
    code, shop = saoma.code("li"), saoma.shop("baozi")
    sale = {"amount": "1.00", "subject": "bun", "auth_code": code}
    assert shop.pay(out_trade_no="A1", **sale).succeeded
    assert not shop.pay(out_trade_no="A2", **sale).succeeded


def test_a_code_is_good_for_a_minute(saoma: World) -> None:
    code = saoma.code("li")
    saoma.advance(minutes=2)
    answer = saoma.shop("baozi").pay(
        out_trade_no="A1", amount="1.00", subject="bun", auth_code=code
    )
    assert answer.sub_code == "ACQ.PAYMENT_AUTH_CODE_INVALID"


def test_an_order_is_scanned_and_paid(saoma: World) -> None:
    shop = saoma.shop("baozi")
    offered = shop.precreate(out_trade_no="A1", amount="12.00", subject="buns")
    saoma.pay("li", offered["qr_code"])
    assert shop.query(out_trade_no="A1")["trade_status"] == "TRADE_SUCCESS"


def test_an_order_nobody_pays_is_closed_in_time(saoma: World) -> None:
    shop = saoma.shop("baozi")
    offered = shop.precreate(out_trade_no="A1", amount="12.00", subject="buns")
    saoma.advance(days=1)
    with pytest.raises(WorldRefuses):
        saoma.pay("li", offered["qr_code"])
    assert saoma.person("li")["balance"] == "2000.00"


def test_a_refund_gives_the_money_back(saoma: World) -> None:
    sell(saoma, "12.00")
    refund = saoma.shop("baozi").refund(amount="5.00", out_trade_no="A1", out_request_no="R1")
    assert refund["refund_fee"] == "5.00"
    assert saoma.person("li")["balance"] == "1993.00"


def test_no_more_is_refunded_than_was_paid(saoma: World) -> None:
    sell(saoma, "12.00")
    shop = saoma.shop("baozi")
    assert not shop.refund(amount="12.01", out_trade_no="A1", out_request_no="R1").succeeded


def test_a_sale_is_taken_back(saoma: World) -> None:
    sell(saoma, "12.00")
    assert saoma.shop("baozi").cancel(out_trade_no="A1")["action"] == "refund"
    assert saoma.person("li")["balance"] == "2000.00"


def test_more_than_there_is_cannot_be_paid(saoma: World) -> None:
    answer = saoma.shop("baozi").pay(
        out_trade_no="A1", amount="999.00", subject="buns", auth_code=saoma.code("wang")
    )
    assert not answer.succeeded


def test_an_unknown_order_is_said_to_be_unknown(saoma: World) -> None:
    assert saoma.shop("baozi").query(out_trade_no="A9").sub_code == "ACQ.TRADE_NOT_EXIST"


def test_a_day_later_the_day_is_settled(saoma: World) -> None:
    sell(saoma, "12.00")
    fired = {due["job"] for due in saoma.advance(days=1)["fired"]}
    assert "settlement.cut_off" in fired
