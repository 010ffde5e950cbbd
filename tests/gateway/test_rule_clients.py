"""Clients in PHP and Java, written from their SDKs' rules, through a till's day."""

from collections.abc import Iterator

import pytest

from lab.mock_merchant.receiver import Receiver
from tests.factories.accounts import available_minor, make_user
from tests.factories.clock import advance
from tests.gateway.rule_clients import CLIENTS, RuleClient, call, notification, run
from tests.gateway.server import LiveServer, running
from tests.gateway.world import fresh_code, make_shop

pytestmark = [pytest.mark.sdk, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def live(transactional_db: None) -> Iterator[LiveServer]:
    """The product on a port of its own."""
    with running() as server:
        yield server


@pytest.fixture(params=CLIENTS, ids=lambda client: client.language)
def client(request: pytest.FixtureRequest) -> RuleClient:
    """Each client in turn."""
    chosen: RuleClient = request.param
    return chosen


def test_client_does_a_tills_day(client: RuleClient, live: LiveServer) -> None:
    shop, buyer = make_shop(), make_user(balance_minor=100_00)
    sale = {"scene": "bar_code", "subject": "茶/Tea & <cake>", "total_amount": "12.00"}
    steps = [
        call("alipay.trade.pay", out_trade_no="A", auth_code=fresh_code(buyer), **sale),
        call("alipay.trade.query", out_trade_no="A"),
        call("alipay.trade.query", out_trade_no="NEVER"),
        call("alipay.trade.refund", out_trade_no="A", refund_amount="5.00", out_request_no="R"),
        call("alipay.trade.refund", out_trade_no="A", refund_amount="9.00", out_request_no="S"),
        call("alipay.trade.precreate", out_trade_no="B", subject="茶", total_amount="3.00"),
        call("alipay.no.such.method"),
    ]
    answers = run(client, shop, f"{live.url}/gateway.do", steps)
    assert [answer.get("sub_code", answer.get("code")) for answer in answers] == [
        "10000",
        "10000",
        "ACQ.TRADE_NOT_EXIST",
        "10000",
        "ACQ.REASON_TRADE_REFUND_FEE_ERR",
        "10000",
        "isv.invalid-method",
    ]
    assert available_minor(buyer) == 93_00


def test_client_believes_our_notifications_and_no_others(
    client: RuleClient, live: LiveServer
) -> None:
    shop, buyer = make_shop(), make_user(balance_minor=100_00)
    with Receiver(shop.gateway_pem) as receiver:
        content = {
            "out_trade_no": "A",
            "scene": "bar_code",
            "auth_code": fresh_code(buyer),
            "subject": "茶/Tea",
            "total_amount": "12.00",
        }
        shop.send(shop.params("alipay.trade.pay", content, notify_url=receiver.url))
        advance(seconds=1)
        [heard] = receiver.inbox.accepted.values()
    steps = [notification(heard), notification(heard | {"total_amount": "1.00"})]
    assert run(client, shop, live.url, steps) == [{"believed": True}, {"believed": False}]
