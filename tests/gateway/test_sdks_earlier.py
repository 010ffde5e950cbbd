"""An earlier major version of the official Node library, unmodified, in both of its modes."""

from dataclasses import asdict
from typing import Any

import pytest

from lab.mock_merchant.receiver import Receiver
from tests.factories.accounts import available_minor, make_user
from tests.factories.clock import advance
from tests.gateway import sdks
from tests.gateway.rows_certificates import certified
from tests.gateway.runs import check_raw, facts, live, sale, step
from tests.gateway.sdks import EARLIER_NODE
from tests.gateway.server import LiveServer
from tests.gateway.world import Shop, fresh_code, make_shop

__all__ = ["live"]
pytestmark = [pytest.mark.sdk, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _built() -> None:
    sdks.build(EARLIER_NODE)


def certificates(shop: Shop) -> dict[str, Any]:
    """The three certificates as their texts."""
    trio = asdict(certified(shop))
    return {"certificates": {name: trio[f"{name}_pem"] for name in ("app", "gateway", "roots")}}


@pytest.mark.parametrize("mode", ["keys", "certificates"])
@pytest.mark.parametrize("sign_type", ["RSA2", "RSA"])
def test_library_does_a_tills_day(live: LiveServer, mode: str, sign_type: str) -> None:
    shop, buyer = make_shop(), make_user(balance_minor=100_00)
    steps = [
        sale(fresh_code(buyer), "A"),
        step("trade.query", out_trade_no="A"),
        step("trade.query", out_trade_no="NEVER"),
        step("trade.refund", out_trade_no="A", refund_amount="5.00", out_request_no="R1"),
        step("trade.precreate", out_trade_no="C", subject="茶", total_amount="3.00"),
    ]
    certified_mode = certificates(shop) if mode == "certificates" else {}
    known = facts(shop, live, steps, sign_type=sign_type) | certified_mode
    answers = sdks.drive(EARLIER_NODE, known)
    assert [answer.get("sub_code", answer.get("code")) for answer in answers] == [
        "10000",
        "10000",
        "ACQ.TRADE_NOT_EXIST",
        "10000",
        "10000",
    ]
    assert available_minor(buyer) == 93_00
    check_raw(live, shop)


def test_library_believes_our_notifications_and_no_others(live: LiveServer) -> None:
    shop, buyer = make_shop(), make_user(balance_minor=100_00)
    with Receiver(shop.gateway_pem) as receiver:
        paying = sale(fresh_code(buyer), "A") | {"notify_url": receiver.url}
        sdks.drive(EARLIER_NODE, facts(shop, live, [paying]))
        advance(seconds=1)
        [parameters] = receiver.inbox.accepted.values()
    forged = parameters | {"total_amount": "1.00"}
    steps = [{"notification": parameters}, {"notification": forged}]
    verdicts = sdks.drive(EARLIER_NODE, facts(shop, live, steps))
    assert verdicts == [{"believed": True}, {"believed": False}]
