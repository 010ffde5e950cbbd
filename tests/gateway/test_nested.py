"""Wrong types inside nested objects, of every method; lists counted before they are read."""

import contextlib
import dataclasses
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from config.kernel.errors import InvalidRequest
from merchants.gateway.dispatcher import APP_METHODS, METHODS
from merchants.gateway.methods.fund_auth_parts import asks_for_waiver
from merchants.gateway.schema import Form, read
from tests.gateway.world import Shop, new_order
from wallet.accounts.models import WalletUser

pytestmark = pytest.mark.django_db
WRONG: tuple[Any, ...] = ([], [[]], ["1"], {}, {"a": "1"}, {"a": []}, True, [{}], [None])
FEW = 12
MANY = 2_500


def nested(form: type[Form], above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Where a form has objects inside: the way to each member of them."""
    for field in dataclasses.fields(form):
        inner = field.metadata["parts"]
        if inner is not None:
            way = (*above, field.name)
            yield from ((*way, member.name) for member in dataclasses.fields(inner))
            yield from nested(inner, way)


def content_at(way: tuple[str, ...], value: object, *, listed: bool) -> dict[str, Any]:
    """Business content with a value at the end of a way, each step an object or a list."""
    made = value
    for name in reversed(way[1:]):
        made = [{name: made}] if listed else {name: made}
    return {way[0]: made}


FORMS: set[type[Form]] = {method.form for method in METHODS.values()}
FORMS |= {method.form for method in APP_METHODS.values()}
WAYS = sorted(
    {(form.__name__, way) for form in FORMS for way in nested(form)},
)


def test_there_are_nested_members_to_ask_about() -> None:
    assert len(WAYS) > 100


@pytest.mark.parametrize("form", sorted(FORMS, key=str))
def test_no_wrong_type_in_any_depth_is_more_than_a_refusal(form: type[Form]) -> None:
    required = {field.name: "1" for field in dataclasses.fields(form) if field.metadata["required"]}
    for way in nested(form):
        for value in WRONG:
            for listed in (True, False):
                # Any other failure than a refusal ends this test.
                with contextlib.suppress(InvalidRequest):
                    read(form, required | content_at(way, value, listed=listed))


@pytest.mark.parametrize(
    ("method", "content", "field"),
    [
        ("trade.order.settle", {"extend_params": {"royalty_finish": []}}, "royalty_finish"),
        ("trade.order.settle", {"extend_params": {"royalty_finish": {}}}, "royalty_finish"),
        ("trade.order.settle", {"royalty_parameters": ["x"]}, "royalty_parameters"),
        ("trade.order.settle", {"royalty_parameters": [{"trans_in": []}]}, "trans_in"),
        ("trade.precreate", {"goods_detail": [1, 2]}, "goods_detail"),
        ("trade.precreate", {"goods_detail": [{"goods_id": []}]}, "goods_id"),
        ("trade.precreate", {"goods_detail": [{"price": {"a": 1}}]}, "price"),
        ("trade.precreate", {"extend_params": {"hb_fq_num": [3]}}, "hb_fq_num"),
        (
            "trade.precreate",
            {"royalty_info": {"royalty_detail_infos": "x"}},
            "royalty_detail_infos",
        ),
        ("trade.precreate", {"settle_info": {"settle_period_time": 7}}, "settle_period_time"),
        ("trade.query", {"query_options": [{}]}, "query_options"),
        ("trade.query", {"query_options": "fund_bill_list"}, "query_options"),
        ("trade.pay", {"agreement_params": {"agreement_no": []}}, "agreement_no"),
    ],
)
def test_what_is_wrong_inside_is_named(
    shop: Shop, method: str, content: dict[str, Any], field: str
) -> None:
    good = {"out_trade_no": new_order(), "total_amount": "1.00", "subject": "T"}
    good |= {"trade_no": "1", "out_request_no": "1"}
    answer = shop.ask(f"alipay.{method}", **(good | content))
    assert (answer.node["code"], answer.sub_code) == ("40004", "ACQ.INVALID_PARAMETER")
    assert answer.node["sub_msg"].endswith(f": {field}")


@pytest.mark.parametrize("listed", ["royalty_parameters", "receiver_list"])
def test_a_list_of_thousands_is_refused_by_count(
    shop: Shop, buyer: WalletUser, listed: str
) -> None:
    one, name = {"type": "userId", "account": "1"}, "royalty.relation.bind"
    if listed == "royalty_parameters":
        one, name = {"trans_in": buyer.user_number, "amount": "0.01"}, "order.settle"
    content = {"out_request_no": "R1", "trade_no": "1", listed: [one] * MANY}
    shop.ask("alipay.trade.query", out_trade_no="X")
    with CaptureQueriesContext(connection) as queries:
        answer = shop.ask(f"alipay.trade.{name}", **content)
    assert answer.node["sub_msg"].endswith(f": {listed}")
    assert len(queries) < FEW


@pytest.mark.parametrize(
    ("extra", "waived"),
    [
        ({"note": "room category 5"}, False),
        ({"note": "CREDITZHIMA"}, False),
        ({"category": ""}, False),
        ({"category": "HOTEL"}, True),
    ],
)
def test_a_deposit_is_waived_by_declared_members_alone(
    shop: Shop, extra: dict[str, str], waived: bool
) -> None:
    from_form = METHODS["alipay.fund.auth.order.voucher.create"].form
    required = {"out_order_no": "1", "out_request_no": "1", "order_title": "R", "amount": "1"}
    form: Any = read(from_form, required | {"extra_param": extra})
    assert asks_for_waiver(form) is waived


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("退款\u202e元001", "含有改变文字方向的字符"),
        ("\u200b", "含有不可见字符"),
        ("茶\ufeff", "含有不可见字符"),
        ("茶\x85", "含有控制字符"),
    ],
)
def test_a_text_that_people_would_misread_is_refused(
    shop: Shop, buyer: WalletUser, text: str, reason: str
) -> None:
    order = shop.sold(buyer)
    sale = {"out_trade_no": new_order(), "total_amount": "1.00", "subject": text}
    refund = {"out_trade_no": order, "refund_amount": "1.00", "refund_reason": text}
    for method, content in (
        ("alipay.trade.precreate", sale),
        ("alipay.trade.precreate", sale | {"subject": "茶", "body": text}),
        ("alipay.trade.refund", refund | {"out_request_no": "R1"}),
    ):
        answer = shop.ask(method, **content)
        assert answer.sub_code == "ACQ.INVALID_PARAMETER"
        assert reason in answer.node["sub_msg"]
