"""Real client libraries, unmodified: pre-authorisation, and the strings made for apps."""

from typing import Any

import pytest

from merchants.checkout.usecases.pay_app_order import pay_app_order
from tests.factories.accounts import PIN, available_minor, make_user
from tests.factories.authorisations import held_minor
from tests.gateway import sdks
from tests.gateway.app_orders import signed_node
from tests.gateway.runs import check_raw, facts, live, sdk, step
from tests.gateway.sdks import SDKS, Sdk
from tests.gateway.server import LiveServer
from tests.gateway.world import fresh_code, make_shop

pytestmark = [pytest.mark.sdk, pytest.mark.django_db(transaction=True)]
__all__ = ["live", "sdk"]
# The third library has no method of pre-authorisation but the capture.
WITH_FREEZE = [one for one in SDKS if one.driver != "fzlee_python.py"]
NUMBERS = {"out_order_no": "STAY", "out_request_no": "F1"}


def freezing(code: str, amount: object = "80.00") -> dict[str, Any]:
    """A freeze by code."""
    return step(
        "fund.auth.order.freeze",
        **NUMBERS,
        auth_code=code,
        auth_code_type="bar_code",
        order_title="押金/Deposit",
        amount=amount,
        product_code="PRE_AUTH",
        extra_param='{"category":"HOTEL"}',
    )


def capturing(auth_no: str, amount: object, number: str) -> dict[str, Any]:
    """A capture of part."""
    return step(
        "trade.pay",
        out_trade_no=number,
        subject="一晚/One night",
        total_amount=amount,
        product_code="PRE_AUTH",
        auth_no=auth_no,
        auth_confirm_mode="NOT_COMPLETE",
    )


@pytest.mark.parametrize("sdk", WITH_FREEZE, indirect=True, ids=lambda sdk: sdk.package)
@pytest.mark.parametrize("sign_type", ["RSA2", "RSA"])
def test_library_freezes_captures_and_gives_back(
    sdk: Sdk, live: LiveServer, sign_type: str
) -> None:
    shop, guest = make_shop(), make_user(balance_minor=100_00)
    first = [freezing(fresh_code(guest), 80), step("fund.auth.operation.detail.query", **NUMBERS)]
    frozen, found = sdks.drive(sdk, facts(shop, live, first, sign_type=sign_type))
    assert (frozen["status"], found["order_status"]) == ("SUCCESS", "AUTHORIZED")
    auth_no = frozen["auth_no"]
    back = {"auth_no": auth_no, "out_request_no": "U1", "amount": 20.5, "remark": "退"}
    steps = [
        capturing(auth_no, 42, "B1"),
        capturing(auth_no, "42.00", "B1"),
        capturing(auth_no, "99.00", "B2"),
        step("fund.auth.order.unfreeze", **back),
        step("fund.auth.operation.cancel", auth_no=auth_no, out_request_no="F1", remark="no"),
        step("trade.refund", out_trade_no="B1", refund_amount="2.00", out_request_no="R1"),
        step("fund.auth.order.voucher.create", out_order_no="V", out_request_no="V1")
        | {"content": {**voucher(), "out_order_no": "V", "out_request_no": "V1"}},
    ]
    answers = sdks.drive(sdk, facts(shop, live, steps, sign_type=sign_type))
    assert [answer.get("sub_code", answer.get("code")) for answer in answers] == [
        "10000",
        "ACQ.TRADE_HAS_SUCCESS",
        "ACQ.AUTH_AMOUNT_NOT_ENOUGH",
        "10000",
        "ORDER_ALREADY_FINISH",
        "10000",
        "10000",
    ]
    assert (held_minor(guest), available_minor(guest)) == (17_50, 42_50)
    check_raw(live, shop)


def voucher() -> dict[str, Any]:
    """What a voucher takes beside its numbers."""
    return {"order_title": "押金", "amount": "10.00", "product_code": "PRE_AUTH"}


def test_library_makes_the_string_of_a_payment(sdk: Sdk, live: LiveServer) -> None:
    shop, buyer = make_shop(), make_user(balance_minor=100_00)
    paying = step("trade.app.pay", out_trade_no="A1", subject="茶/Tea & more", total_amount="8.00")
    [made] = sdks.drive(sdk, facts(shop, live, [paying | {"app": True}]))
    done = pay_app_order(order=made["order"], payer_id=buyer.id, pin=PIN)
    assert (done.result_status, available_minor(buyer)) == ("9000", 92_00)
    assert signed_node(shop, done.result)["out_trade_no"] == "A1"


@pytest.mark.parametrize("sdk", WITH_FREEZE, indirect=True, ids=lambda sdk: sdk.package)
def test_library_makes_the_string_of_a_freeze(sdk: Sdk, live: LiveServer) -> None:
    shop, buyer = make_shop(), make_user(balance_minor=100_00)
    content = {**NUMBERS, **voucher(), "product_code": "PRE_AUTH_ONLINE"}
    asking = step("fund.auth.order.app.freeze", **content) | {"app": True}
    [made] = sdks.drive(sdk, facts(shop, live, [asking]))
    done = pay_app_order(order=made["order"], payer_id=buyer.id, pin=PIN)
    assert (done.result_status, held_minor(buyer)) == ("9000", 10_00)


@pytest.mark.parametrize("sdk", SDKS[-1:], indirect=True, ids=lambda sdk: sdk.package)
def test_library_freezes_over_the_rest_protocol(sdk: Sdk, live: LiveServer) -> None:
    shop, guest = make_shop(), make_user(balance_minor=100_00)
    path = "/v3/alipay/fund/auth"
    steps = [
        freezing(fresh_code(guest)) | {"rest": f"{path}/order/freeze"},
        step("fund.auth.operation.detail.query", **NUMBERS)
        | {"rest": f"{path}/operation/detail/query"},
    ]
    frozen, found = sdks.drive(sdk, facts(shop, live, steps))
    assert (frozen["status"], found["rest_amount"]) == ("SUCCESS", "80.00")
