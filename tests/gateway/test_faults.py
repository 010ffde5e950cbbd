"""Faults on purpose, and what still holds: one order number, one payment."""

from typing import Any

import pytest

from config.kernel.outbox import relay
from lab.mock_merchant.receiver import Receiver
from merchants.gateway.faults import AnswerDropped
from merchants.workbench.usecases.switch_fault import switch_on_fault
from merchants.workbench.values import FaultKind
from tests.factories.accounts import available_minor
from tests.factories.clock import advance
from tests.factories.receiver import receiving
from tests.gateway.v3 import QUERY, send
from tests.gateway.world import Shop, fresh_code
from wallet.accounts.models import WalletUser

pytestmark = pytest.mark.django_db


def fault(shop: Shop, kind: FaultKind, **more: Any) -> None:
    """Let the shop's next call suffer."""
    switch_on_fault(app_number=shop.app.app_number, kind=kind, times=1, actor="user:dev", **more)


def status(shop: Shop, order: str) -> str:
    """What a query says of an order."""
    node = shop.ask("alipay.trade.query", out_trade_no=order).node
    return str(node.get("trade_status", node.get("sub_code")))


def test_an_error_before_leaves_nothing_behind(shop: Shop, buyer: WalletUser) -> None:
    code = fresh_code(buyer)
    fault(shop, FaultKind.ERROR_BEFORE)
    assert shop.pay(code, order="A").node["code"] == "20000"
    assert status(shop, "A") == "ACQ.TRADE_NOT_EXIST"
    assert shop.pay(code, order="A").node["code"] == "10000"


def test_an_error_after_hides_a_payment_that_a_query_finds(shop: Shop, buyer: WalletUser) -> None:
    fault(shop, FaultKind.ERROR_AFTER)
    answer = shop.pay(fresh_code(buyer), order="A")
    assert (answer.node["code"], answer.sub_code) == ("20000", "aop.ACQ.SYSTEM_ERROR")
    assert status(shop, "A") == "TRADE_SUCCESS"
    assert available_minor(buyer) == 988_00


def test_a_dropped_answer_has_happened_once(shop: Shop, buyer: WalletUser) -> None:
    code = fresh_code(buyer)
    params = shop.params("alipay.trade.query", {"out_trade_no": "A"})
    fault(shop, FaultKind.DROP_ANSWER)
    sent = shop.http.post("/gateway.do", params)
    assert sent.streaming
    with pytest.raises(AnswerDropped):
        list(sent.streaming_content)  # type: ignore[attr-defined]
    assert shop.pay(code, order="A").node["code"] == "10000"


def test_a_late_answer_is_the_right_one(shop: Shop, buyer: WalletUser) -> None:
    fault(shop, FaultKind.DELAY_ANSWER, delay_ms=1)
    assert shop.pay(fresh_code(buyer), order="A").node["code"] == "10000"


def test_the_rest_face_suffers_the_same(shop: Shop) -> None:
    fault(shop, FaultKind.ERROR_AFTER)
    for kind in (FaultKind.ERROR_AFTER, FaultKind.ERROR_BEFORE):
        fault(shop, kind)
        answer = send(shop, QUERY, {"out_trade_no": "A"})
        assert (answer.status_code, answer.json()["code"]) == (500, "ACQ.SYSTEM_ERROR")
    assert send(shop, QUERY, {"out_trade_no": "A"}).status_code == 400


def test_a_duplicate_notification_carries_the_same_id(shop: Shop, buyer: WalletUser) -> None:
    fault(shop, FaultKind.DUPLICATE_NOTICE)
    with receiving() as receiver:
        order = {"total_amount": "1.00", "subject": "tea", "scene": "bar_code"}
        content = order | {"out_trade_no": "A", "auth_code": fresh_code(buyer)}
        shop.send(shop.params("alipay.trade.pay", content, notify_url=receiver.url))
        relay.drain()
        advance(seconds=2)
    ids = [got.form()["notify_id"] for got in receiver.got]
    assert len(ids) == 2
    assert len(set(ids)) == 1


def test_reordered_notifications_leave_a_deduplicating_merchant_right(
    shop: Shop, buyer: WalletUser
) -> None:
    fault(shop, FaultKind.REORDER_NOTICE)
    with Receiver(shop.gateway_pem) as receiver:
        for order in ("A", "B"):
            order_content = {"total_amount": "1.00", "subject": "tea", "scene": "bar_code"}
            content = order_content | {"out_trade_no": order, "auth_code": fresh_code(buyer)}
            shop.send(shop.params("alipay.trade.pay", content, notify_url=receiver.url))
            relay.drain()
        advance(seconds=1)
        early = [heard["out_trade_no"] for heard in receiver.inbox.accepted.values()]
        advance(seconds=40)
        late = [heard["out_trade_no"] for heard in receiver.inbox.accepted.values()]
    assert (early, sorted(late)) == (["B"], ["A", "B"])
