"""Every method under the same five questions; a method without its row fails.

What happens when a call is repeated, repeated with other content, about something
unknown, in the wrong state, or made by a merchant who may not: one row a method.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from merchants.gateway.dispatcher import METHODS
from merchants.onboarding.usecases.suspend_merchant import suspend_merchant
from tests.gateway.world import Shop, fresh_code, new_order
from wallet.accounts.models import WalletUser

pytestmark = pytest.mark.django_db
Content = dict[str, Any]
OK = "10000"
UNKNOWN = "ACQ.TRADE_NOT_EXIST"
FORBIDDEN = "ACQ.ACCESS_FORBIDDEN"


@dataclass(frozen=True, slots=True)
class Row:
    """How a method is called and what it says in each case; None where there is no such case."""

    content: Callable[[Shop, WalletUser], Content]
    repeat: str
    change: Content
    changed: str | None
    unknown: str | None
    wrong_state: str | None
    suspended: str


def sale(_: Shop, buyer: WalletUser) -> Content:
    """Content of a new order by code."""
    return order(_, buyer) | {"scene": "bar_code", "auth_code": fresh_code(buyer)}


def order(_: Shop, buyer: WalletUser) -> Content:
    """Content of a new order for a buyer."""
    return {
        "out_trade_no": new_order(),
        "total_amount": "3.00",
        "subject": "茶 Tea",
        "buyer_id": buyer.user_id,
    }


def sold(shop: Shop, buyer: WalletUser) -> Content:
    """A paid trade."""
    return {"out_trade_no": shop.sold(buyer)}


def waiting(shop: Shop, buyer: WalletUser) -> Content:
    """An unpaid trade."""
    content = order(shop, buyer)
    shop.ask("alipay.trade.create", **content)
    return {"out_trade_no": content["out_trade_no"]}


def refunding(shop: Shop, buyer: WalletUser) -> Content:
    """A refund of part of a paid trade."""
    return sold(shop, buyer) | {"refund_amount": "1.00", "out_request_no": "R1"}


def refunded(shop: Shop, buyer: WalletUser) -> Content:
    """A refund that has been made."""
    content = refunding(shop, buyer)
    shop.ask("alipay.trade.refund", **content)
    return {name: content[name] for name in ("out_trade_no", "out_request_no")}


HIGHER = {"total_amount": "4.00"}
ROWS = {
    "alipay.trade.pay": Row(
        sale,
        "ACQ.TRADE_HAS_SUCCESS",
        HIGHER,
        "ACQ.CONTEXT_INCONSISTENT",
        None,
        "ACQ.TRADE_HAS_CLOSE",
        FORBIDDEN,
    ),
    "alipay.trade.precreate": Row(
        order, OK, HIGHER, "ACQ.CONTEXT_INCONSISTENT", None, "ACQ.TRADE_HAS_CLOSE", FORBIDDEN
    ),
    "alipay.trade.create": Row(
        order, OK, HIGHER, "ACQ.CONTEXT_INCONSISTENT", None, "ACQ.TRADE_HAS_CLOSE", FORBIDDEN
    ),
    "alipay.trade.query": Row(sold, OK, {}, None, UNKNOWN, None, OK),
    "alipay.trade.cancel": Row(sold, OK, {}, None, OK, None, OK),
    "alipay.trade.close": Row(waiting, OK, {}, None, UNKNOWN, None, OK),
    "alipay.trade.refund": Row(
        refunding,
        OK,
        {"refund_amount": "2.00"},
        "ACQ.DISCORDANT_REPEAT_REQUEST",
        UNKNOWN,
        None,
        OK,
    ),
    "alipay.trade.fastpay.refund.query": Row(refunded, OK, {}, None, UNKNOWN, None, OK),
}
HAVING = {
    case: [name for name, row in ROWS.items() if getattr(row, case) is not None]
    for case in ("changed", "unknown", "wrong_state")
}


def ask(shop: Shop, method: str, content: Content) -> str:
    """Call a method; gives its refusal's code, or its own."""
    answer = shop.ask(method, **content)
    return answer.sub_code or str(answer.node["code"])


def test_every_method_has_its_row() -> None:
    """Page methods answer a browser: test_cashier.py holds them to the same."""
    assert set(ROWS) == {name for name, method in METHODS.items() if not method.page}


@pytest.mark.parametrize("method", ROWS)
def test_repeat_is_safe(shop: Shop, buyer: WalletUser, method: str) -> None:
    content = ROWS[method].content(shop, buyer)
    assert ask(shop, method, content) == OK
    assert ask(shop, method, content) == ROWS[method].repeat


@pytest.mark.parametrize("method", HAVING["changed"])
def test_repeat_with_other_content_is_refused(shop: Shop, buyer: WalletUser, method: str) -> None:
    content = ROWS[method].content(shop, buyer)
    ask(shop, method, content)
    assert ask(shop, method, content | ROWS[method].change) == ROWS[method].changed


@pytest.mark.parametrize("method", HAVING["unknown"])
def test_unknown_object_is_said_to_be_unknown(shop: Shop, buyer: WalletUser, method: str) -> None:
    content = ROWS[method].content(shop, buyer) | {"out_trade_no": "NEVER"}
    assert ask(shop, method, content) == ROWS[method].unknown


@pytest.mark.parametrize("method", HAVING["wrong_state"])
def test_closed_order_is_refused(shop: Shop, buyer: WalletUser, method: str) -> None:
    content = ROWS[method].content(shop, buyer)
    ask(shop, method, content)
    ask(shop, "alipay.trade.cancel", {"out_trade_no": content["out_trade_no"]})
    assert ask(shop, method, content) == ROWS[method].wrong_state


@pytest.mark.parametrize("method", ROWS)
def test_suspended_merchant_ends_trades_but_makes_none(
    shop: Shop, buyer: WalletUser, method: str
) -> None:
    content = ROWS[method].content(shop, buyer)
    suspend_merchant(merchant_uuid=shop.merchant.id, actor="operator:mia", reason="test")
    assert ask(shop, method, content) == ROWS[method].suspended


@pytest.mark.parametrize("method", ROWS)
def test_failures_carry_the_fields_their_method_declares(shop: Shop, method: str) -> None:
    node = shop.ask(method).node
    expected = {name: value for name, value in METHODS[method].failure if value}
    assert node["sub_code"] == "ACQ.INVALID_PARAMETER"
    assert expected.items() <= node.items()
