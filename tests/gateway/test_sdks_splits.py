"""Real client libraries, unmodified, through the split methods each of them offers."""

import pytest

from tests.factories.accounts import available_minor, make_user
from tests.gateway import sdks
from tests.gateway.rows_splits import paid, part, receiver
from tests.gateway.runs import check_raw, facts, live, sdk, step
from tests.gateway.sdks import Sdk
from tests.gateway.server import LiveServer
from tests.gateway.world import make_shop

pytestmark = [pytest.mark.sdk, pytest.mark.django_db(transaction=True)]
__all__ = ["live", "sdk"]


def test_library_splits_a_trade(sdk: Sdk, live: LiveServer) -> None:
    if sdk.driver == "fzlee_python.py":
        pytest.skip("python-alipay-sdk names no method for relations")
    shop, friend = make_shop(), make_user()
    trade_no = paid(shop, make_user(balance_minor=200_00))
    splitting = step(
        "trade.order.settle",
        out_request_no="S1",
        trade_no=trade_no,
        royalty_parameters=[part(friend, 10.5)],
    )
    relation = {"out_request_no": "B1", "receiver_list": [receiver(friend)]}
    steps = [
        step("trade.royalty.relation.bind", **relation),
        step("trade.royalty.relation.batchquery", out_request_no="B2"),
        splitting,
        splitting,
        step("trade.order.settle.query", out_request_no="S1", trade_no=trade_no),
        step("trade.royalty.relation.unbind", **relation),
    ]
    answers = sdks.drive(sdk, facts(shop, live, steps))
    assert {answer["code"] for answer in answers} == {"10000"}
    assert available_minor(friend) == 10_50
    check_raw(live, shop)
