"""The log of gateway calls: what is kept, who may read it, and when it goes."""

import pytest
from pytest_django.fixtures import Settings

from merchants.workbench import queries, recorder
from merchants.workbench.models import GatewayCall
from tests.factories.accounts import make_user
from tests.factories.clock import advance
from tests.gateway.v3 import QUERY, send
from tests.gateway.world import Shop, fresh_code, make_shop

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(settings: Settings) -> Shop:
    """A shop whose calls are written down at once."""
    settings.SAOMA_GATEWAY_LOG = recorder.INLINE
    return make_shop()


def test_a_call_is_kept_with_what_was_sent_and_answered(shop: Shop) -> None:
    buyer = make_user(balance_minor=100_00)
    answer = shop.pay(fresh_code(buyer), order="A")
    call = GatewayCall.objects.get()
    assert (call.app_number, call.method) == (shop.app.app_number, "alipay.trade.pay")
    assert (call.order_number, call.code, call.sub_code) == ("A", "10000", "")
    assert call.answer == answer.raw.decode()
    assert call.trace_id == answer.headers["trace_id"]
    assert "sign=" in call.target
    assert "biz_content=" in call.body


def test_a_refusal_is_found_by_its_code_and_its_order(shop: Shop) -> None:
    shop.ask("alipay.trade.query", out_trade_no="NEVER")
    calls = queries.calls_of(shop.merchant.owner_id)
    assert queries.search_calls(calls, text="TRADE_NOT_EXIST", failed=True).count() == 1
    assert queries.search_calls(calls, text="NEVER").count() == 1
    assert queries.search_calls(calls, text="OTHER").count() == 0


def test_the_rest_face_is_kept_too(shop: Shop) -> None:
    send(shop, QUERY, {"out_trade_no": "NEVER"})
    call = GatewayCall.objects.get()
    assert (call.protocol, call.method) == ("v3", "alipay.trade.query")
    assert (call.app_number, call.order_number) == (shop.app.app_number, "NEVER")
    assert (call.status, call.sub_code) == (400, "ACQ.TRADE_NOT_EXIST")


@pytest.mark.parametrize("body", [b"", b"\xff\xfe\x00=%FF", b"a" * 40_000, b"biz_content=[1]"])
def test_bytes_that_make_no_sense_are_kept_as_they_can_be(shop: Shop, body: bytes) -> None:
    shop.http.generic("POST", "/gateway.do?method=%00x", body, "text/plain")
    assert len(GatewayCall.objects.get().body) <= 16_384


def test_nobody_reads_the_calls_of_others(shop: Shop) -> None:
    shop.ask("alipay.trade.query", out_trade_no="A")
    stranger = make_user()
    with pytest.raises(queries.CallNotFound):
        queries.call(GatewayCall.objects.get().id, owner_id=stranger.id)


def test_calls_are_forgotten_after_a_week(shop: Shop) -> None:
    shop.ask("alipay.trade.query", out_trade_no="A")
    advance(days=6)
    assert GatewayCall.objects.count() == 1
    advance(days=2)
    assert GatewayCall.objects.count() == 0


def test_nothing_is_kept_where_the_log_is_off(shop: Shop, settings: Settings) -> None:
    settings.SAOMA_GATEWAY_LOG = recorder.OFF
    shop.ask("alipay.trade.query", out_trade_no="A")
    assert GatewayCall.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_calls_are_written_behind_the_answer(shop: Shop, settings: Settings) -> None:
    settings.SAOMA_GATEWAY_LOG = recorder.BACKGROUND
    for _ in range(3):
        shop.ask("alipay.trade.query", out_trade_no="A")
    recorder.LOG.flush()
    assert GatewayCall.objects.count() == 3
