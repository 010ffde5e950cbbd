"""Three smaller client libraries, unmodified: two for Node, one for Python."""

from dataclasses import asdict
from typing import Any

import pytest

from lab.mock_merchant.receiver import Receiver
from tests.factories.accounts import available_minor, make_user
from tests.factories.clock import advance
from tests.gateway import sdks
from tests.gateway.rows_certificates import certified
from tests.gateway.runs import check_raw, facts, live, sale
from tests.gateway.sdks import Sdk
from tests.gateway.server import LiveServer
from tests.gateway.world import Shop, fresh_code, make_shop

__all__ = ["live"]
pytestmark = [pytest.mark.sdk, pytest.mark.django_db(transaction=True)]

FTOF = Sdk("alipay-ftof", "0.1.5", "ftof_node.cjs")
MOBILE = Sdk("alipay-mobile", "4.0.2", "mobile_node.cjs")
SENWEAVER = Sdk("senweaver-pay", "0.1.0", "senweaver_python.py")


def call(name: str, *values: Any) -> dict[str, Any]:
    """One function of the library's and what it is given."""
    return {"call": name, "with": list(values)}


def certificates(shop: Shop) -> dict[str, Any]:
    """The three certificates as their texts."""
    trio = asdict(certified(shop))
    return {"certificates": {name: trio[f"{name}_pem"] for name in ("app", "gateway", "roots")}}


def codes(answers: list[dict[str, Any]]) -> list[Any]:
    return [answer.get("sub_code", answer.get("code")) for answer in answers]


def test_ftof_does_a_tills_day(live: LiveServer) -> None:
    sdks.build(FTOF)
    shop, buyer = make_shop(), make_user(balance_minor=100_00)
    order = {"tradeNo": "A", "subject": "茶/Tea", "totalAmount": 12, "authCode": fresh_code(buyer)}
    steps = [
        call("createBarCodePay", order),
        call("checkInvoiceStatus", "A"),
        call("checkInvoiceStatus", "NEVER"),
        call("refund", "A", {"refundAmount": 5, "refundNo": "R1"}),
        call("createQRPay", {"tradeNo": "C", "subject": "茶", "totalAmount": 3.5}),
    ]
    answers = sdks.drive(FTOF, facts(shop, live, steps))
    assert codes(answers) == ["10000", "10000", "ACQ.TRADE_NOT_EXIST", "10000", "10000"], answers
    assert answers[1]["trade_status"] == "TRADE_SUCCESS"
    assert available_minor(buyer) == 93_00
    check_raw(live, shop)


def test_mobile_asks_and_refunds(live: LiveServer) -> None:
    sdks.build(MOBILE)
    shop, buyer = make_shop(), make_user(balance_minor=100_00)
    paid = shop.pay(fresh_code(buyer), order="A")
    steps = [
        call("queryOrder", {"out_trade_no": "A"}),
        call("queryOrder", {"out_trade_no": "NEVER"}),
        call(
            "tradeRefund",
            {"out_trade_no": "A", "refund_amount": "5.00", "out_request_no": "R1"},
        ),
        call("tradeRefundQuery", {"out_trade_no": "A", "out_request_no": "R1"}),
        call("tradePrecreate", {"out_trade_no": "C", "subject": "茶", "total_amount": "3.00"}),
        call("createAppOrder", {"out_trade_no": "D", "subject": "茶", "total_amount": "3.00"}),
    ]
    answers = sdks.drive(MOBILE, facts(shop, live, steps))
    assert codes(answers[:5]) == ["10000", "ACQ.TRADE_NOT_EXIST", "10000", "10000", "10000"]
    assert answers[0]["trade_no"] == paid.node["trade_no"]
    assert "sign=" in answers[5]["order"]
    assert available_minor(buyer) == 93_00


def test_senweaver_does_a_tills_day_with_certificates(live: LiveServer) -> None:
    sdks.build(SENWEAVER)
    shop, buyer = make_shop(), make_user(balance_minor=100_00)
    order = {
        "out_trade_no": "A",
        "subject": "茶/Tea",
        "total_amount": "12.00",
        "auth_code": fresh_code(buyer),
    }
    steps = [
        call("pos", order),
        call("query", {"out_trade_no": "A"}),
        call("query", {"out_trade_no": "NEVER"}),
        call("refund", {"out_trade_no": "A", "refund_amount": "5.00", "out_request_no": "R1"}),
    ]
    answers = sdks.drive(SENWEAVER, facts(shop, live, steps) | certificates(shop))
    assert [one.get("answer", one).get("success", one) for one in answers] == [
        True,
        True,
        False,
        True,
    ], answers
    assert available_minor(buyer) == 93_00


@pytest.mark.parametrize("sdk", [FTOF, MOBILE, SENWEAVER], ids=lambda sdk: sdk.package)
def test_they_believe_our_notifications_and_no_others(live: LiveServer, sdk: Sdk) -> None:
    sdks.build(sdk)
    shop, buyer = make_shop(), make_user(balance_minor=100_00)
    with Receiver(shop.gateway_pem) as receiver:
        content = sale(fresh_code(buyer), "A")["content"]
        shop.send(shop.params("alipay.trade.pay", content, notify_url=receiver.url))
        advance(seconds=1)
        [parameters] = receiver.inbox.accepted.values()
    forged = parameters | {"total_amount": "1.00"}
    steps = [{"notification": parameters}, {"notification": forged}]
    extra = certificates(shop) if sdk is SENWEAVER else {}
    verdicts = sdks.drive(sdk, facts(shop, live, steps) | extra)
    assert verdicts[0] == {"believed": True}
    assert verdicts[1].get("believed") is not True
