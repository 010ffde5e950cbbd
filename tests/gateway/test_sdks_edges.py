"""Real client libraries, unmodified: tokens, mandates, certificates and faces."""

from dataclasses import asdict
from typing import Any

import pytest

from tests.factories.accounts import available_minor, make_user
from tests.gateway import sdks
from tests.gateway.rows_certificates import certified
from tests.gateway.rows_faces import CUSTOMER, TOKEN_QUERY, make_terminal, meta
from tests.gateway.rows_oauth import USER, app_token, consented, mandated
from tests.gateway.runs import check_raw, facts, live, sale, sdk, step
from tests.gateway.sdks import SDKS, Sdk
from tests.gateway.server import LiveServer
from tests.gateway.world import Shop, fresh_code, make_shop

pytestmark = [pytest.mark.sdk, pytest.mark.django_db(transaction=True)]
__all__ = ["live", "sdk"]
OFFICIAL = [SDKS[0], SDKS[2]]
CERTIFIED = SDKS[1:]


def beside(method: str, **parameters: str) -> dict[str, Any]:
    """One call whose parameters stand beside biz_content."""
    return step(method) | {"beside": parameters}


def named(one: Sdk) -> str:
    """A library's name in a test's."""
    return one.package


def trio(shop: Shop) -> dict[str, str]:
    """The three certificates as their texts."""
    held = asdict(certified(shop))
    return {name: held[f"{name}_pem"] for name in ("app", "gateway", "roots")}


@pytest.mark.parametrize("sdk", OFFICIAL, indirect=True, ids=named)
def test_library_exchanges_a_code_and_asks_who_it_is(sdk: Sdk, live: LiveServer) -> None:
    shop, citizen = make_shop(), make_user()
    by_code = {"grant_type": "authorization_code", "code": consented(shop, citizen, *USER)}
    asking = beside("system.oauth.token", **by_code)
    told, again = sdks.drive(sdk, facts(shop, live, [asking, asking]))
    assert told["user_id"] == citizen.user_number
    assert again.get("sub_code") == "isv.code-invalid" or "isv.code-invalid" in str(again)
    second = {"grant_type": "authorization_code", "code": consented(shop, citizen, *USER)}
    [fresh] = sdks.drive(sdk, facts(shop, live, [beside("system.oauth.token", **second)]))
    sharing = beside("user.info.share", auth_token=fresh["access_token"])
    wrong = beside("user.info.share", auth_token="nobody's")
    shared, refused = sdks.drive(sdk, facts(shop, live, [sharing, wrong]))
    assert shared["nick_name"] == citizen.name
    assert refused["sub_code"] == "aop.invalid-auth-token"


@pytest.mark.parametrize("sdk", OFFICIAL, indirect=True, ids=named)
def test_library_acts_for_another_merchant(sdk: Sdk, live: LiveServer) -> None:
    shop, subject = make_shop(), make_shop("Noodle Bar")
    buyer = make_user(balance_minor=100_00)
    token = app_token(shop, subject)
    steps = [
        sale(fresh_code(buyer), "A") | {"app_auth_token": token},
        step("trade.query", out_trade_no="A") | {"app_auth_token": token},
        step("trade.query", out_trade_no="A"),
        step("trade.query", out_trade_no="A") | {"app_auth_token": "nobody's"},
    ]
    paid, found, own, wrong = sdks.drive(sdk, facts(shop, live, steps))
    assert (paid["code"], found["trade_status"]) == ("10000", "TRADE_SUCCESS")
    assert own["sub_code"] == "ACQ.TRADE_NOT_EXIST"
    assert wrong["sub_code"] == "aop.invalid-app-auth-token"


@pytest.mark.parametrize("sdk", SDKS[1:2], indirect=True, ids=named)
def test_library_turns_a_mandates_code_into_a_token(sdk: Sdk, live: LiveServer) -> None:
    shop, subject = make_shop(), make_shop("Noodle Bar")
    code = mandated(shop, subject)
    asking = {"method": "alipay.open.auth.token.app", "content": {}}
    [told] = sdks.drive(sdk, facts(shop, live, [asking], app_auth_code=code))
    assert told["auth_app_id"] == subject.app.app_number
    check_raw(live, shop)


@pytest.mark.parametrize("sdk", CERTIFIED, indirect=True, ids=named)
@pytest.mark.parametrize("sign_type", ["RSA2", "RSA"])
def test_library_sells_in_certificate_mode(sdk: Sdk, live: LiveServer, sign_type: str) -> None:
    shop, buyer = make_shop(), make_user(balance_minor=100_00)
    steps = [
        sale(fresh_code(buyer), "A"),
        step("trade.query", out_trade_no="NEVER"),
        step("trade.refund", out_trade_no="A", refund_amount="5.00", out_request_no="R1"),
    ]
    told = facts(shop, live, steps, sign_type=sign_type) | {"certificates": trio(shop)}
    paid, unknown, refunded = sdks.drive(sdk, told)
    assert (paid["code"], refunded["code"]) == ("10000", "10000")
    assert unknown["sub_code"] == "ACQ.TRADE_NOT_EXIST"
    assert available_minor(buyer) == 93_00
    assert all(b'"alipay_cert_sn":"' in body for body in live.bodies)
    check_raw(live, shop)


@pytest.mark.parametrize("sdk", SDKS[-1:], indirect=True, ids=named)
def test_library_speaks_rest_in_certificate_mode(sdk: Sdk, live: LiveServer) -> None:
    shop, buyer = make_shop(), make_user(balance_minor=100_00)
    paying = sale(fresh_code(buyer), "A") | {"rest": "/v3/alipay/trade/pay"}
    told = facts(shop, live, [paying]) | {"certificates": trio(shop)}
    [paid] = sdks.drive(sdk, told)
    assert paid["out_trade_no"] == "A"


@pytest.mark.parametrize("sdk", OFFICIAL, indirect=True, ids=named)
def test_library_fetches_our_certificate_and_takes_a_face(sdk: Sdk, live: LiveServer) -> None:
    shop, buyer = make_shop(), make_user(balance_minor=100_00)
    held, terminal = certified(shop), make_terminal(shop)
    token = terminal.token(buyer)
    smiling = {**sale(token, "F")["content"], "scene": "security_code"}
    steps = [
        step("open.app.alipaycert.download", alipay_cert_sn=held.gateway_sn),
        {"method": CUSTOMER, "content": {"zimmetainfo": meta(terminal.row.serial)}},
        {"method": TOKEN_QUERY, "content": {"ftoken": token, "biz_type": "1"}},
        step("trade.pay", **smiling),
    ]
    fetched, begun, known, paid = sdks.drive(sdk, facts(shop, live, steps))
    assert fetched["alipay_cert_content"]
    assert "zimId" in begun["result"]
    assert known["uid"] == buyer.user_number
    assert (paid["code"], available_minor(buyer)) == ("10000", 88_00)
    check_raw(live, shop)
