"""Tokens of citizens and of merchants: once, hashed, on the clock, for one app alone."""

import pytest
from django.test import Client

from merchants.consents.models import GrantCode, GrantToken
from merchants.notifications.models import Notification
from tests.factories.accounts import available_minor, client_of, make_user
from tests.factories.clock import advance, later
from tests.gateway.rows_oauth import (
    MANDATE,
    TOKEN,
    USER,
    app_token,
    consented,
    mandated,
    taken_back,
    tokens,
)
from tests.gateway.v3 import send
from tests.gateway.world import Shop, fresh_code, make_shop, new_order
from wallet.accounts.models import WalletUser
from wallet.payments.models import Payment

pytestmark = pytest.mark.django_db
SHARE = "alipay.user.info.share"


def test_a_code_gives_tokens_without_a_code_of_success(shop: Shop, buyer: WalletUser) -> None:
    params = shop.params(TOKEN, "", grant_type="authorization_code", code=consented(shop, buyer))
    answer = shop.send(params)
    shop.check(answer)
    assert answer.name == "alipay_system_oauth_token_response"
    assert "code" not in answer.node
    assert answer.node["user_id"] == buyer.user_number
    assert (answer.node["expires_in"], answer.node["re_expires_in"]) == (1_296_000, 2_592_000)


def test_a_refusal_stands_under_error_response_and_is_signed(shop: Shop) -> None:
    answer = shop.ask(TOKEN, grant_type="authorization_code", code="x")
    assert (answer.name, answer.signed) == ("error_response", True)
    assert (answer.node["code"], answer.sub_code) == ("40002", "isv.code-invalid")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ({"grant_type": "authorization_code", "code": "x"}, "授权码code无效"),
        ({"grant_type": "refresh_token", "refresh_token": "x"}, "刷新令牌无效"),
        ({"grant_type": "password"}, "授权类型无效"),
        ({"grant_type": "authorization_code"}, "缺少必选参数: code"),
    ],
)
def test_says_a_refusal_in_the_protocols_own_sentence(
    shop: Shop, content: dict[str, str], said: str
) -> None:
    assert shop.ask(TOKEN, **content).node["sub_msg"] == said


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ({"grant_type": "password"}, "isv.grant-type-invalid"),
        ({"grant_type": "authorization_code"}, "isv.missing-parameter"),
        ({"grant_type": "refresh_token"}, "isv.missing-parameter"),
        ({"grant_type": "refresh_token", "refresh_token": "x"}, "isv.refresh-token-invalid"),
        ({"grant_type": "x" * 33}, "isv.invalid-parameter"),
    ],
)
def test_says_what_is_wrong_with_an_exchange(
    shop: Shop, content: dict[str, str], said: str
) -> None:
    assert shop.ask(TOKEN, **content).sub_code == said


def test_neither_codes_nor_tokens_can_be_read_from_the_tables(
    shop: Shop, buyer: WalletUser
) -> None:
    told = tokens(shop, buyer)
    kept = {GrantCode.objects.get().code_hash, GrantToken.objects.get().access_hash}
    assert {len(one) for one in kept} == {64}
    assert told["access_token"] not in kept


def test_a_code_that_comes_twice_ends_its_tokens(shop: Shop, buyer: WalletUser) -> None:
    code = consented(shop, buyer, *USER)
    once = {"grant_type": "authorization_code", "code": code}
    token = shop.ask(TOKEN, **once).node["access_token"]
    assert shop.ask(SHARE, auth_token=token).node["nick_name"] == buyer.name
    assert shop.ask(TOKEN, **once).sub_code == "isv.code-invalid"
    assert shop.ask(SHARE, auth_token=token).sub_code == "aop.invalid-auth-token"


def test_a_code_is_worth_nothing_to_another_app_or_too_late(shop: Shop, buyer: WalletUser) -> None:
    asked = {"grant_type": "authorization_code", "code": consented(shop, buyer)}
    assert make_shop("Noodle Bar").ask(TOKEN, **asked).sub_code == "isv.code-invalid"
    advance(minutes=10)
    assert shop.ask(TOKEN, **asked).sub_code == "isv.code-invalid"


def test_a_refresh_gives_a_new_pair_and_ends_the_old(shop: Shop, buyer: WalletUser) -> None:
    first = tokens(shop, buyer, *USER)
    asked = {"grant_type": "refresh_token", "refresh_token": first["refresh_token"]}
    second = shop.ask(TOKEN, **asked).node
    assert shop.ask(SHARE, auth_token=second["access_token"]).node["user_id"] == buyer.user_number
    assert shop.ask(SHARE, auth_token=first["access_token"]).sub_code == "aop.invalid-auth-token"
    assert shop.ask(TOKEN, **asked).sub_code == "isv.refresh-token-invalid"


@pytest.mark.slow
def test_tokens_end_by_the_clock(shop: Shop, buyer: WalletUser) -> None:
    told = tokens(shop, buyer, *USER)
    advance(days=15)
    assert shop.ask(SHARE, auth_token=told["access_token"]).sub_code == "aop.auth-token-time-out"
    advance(days=15)
    asked = {"grant_type": "refresh_token", "refresh_token": told["refresh_token"]}
    assert shop.ask(TOKEN, **asked).sub_code == "isv.refresh-token-time-out"


def test_an_app_sees_no_more_than_was_allowed(shop: Shop, buyer: WalletUser) -> None:
    answer = shop.ask(SHARE, auth_token=tokens(shop, buyer)["access_token"])
    assert (answer.node["code"], answer.sub_code) == ("40006", "isv.insufficient-user-permissions")


def test_two_apps_know_one_person_by_two_numbers(shop: Shop, buyer: WalletUser) -> None:
    other = make_shop("Noodle Bar")
    ours, theirs = tokens(shop, buyer), tokens(other, buyer)
    assert ours["open_id"] != theirs["open_id"]
    assert tokens(shop, buyer)["open_id"] == ours["open_id"]


def test_a_trade_can_be_made_for_the_number_an_app_knows(shop: Shop, buyer: WalletUser) -> None:
    content = {"out_trade_no": new_order(), "total_amount": "3.00", "subject": "Tea"}
    known = tokens(shop, buyer)["open_id"]
    made = shop.ask("alipay.trade.create", **content, buyer_open_id=known)
    assert made.node["code"] == "10000"
    assert Payment.objects.get(number=made.node["trade_no"]).payer_id == buyer.id


def test_the_rest_protocol_takes_the_token_beside_the_body(shop: Shop, buyer: WalletUser) -> None:
    token = tokens(shop, buyer, *USER)["access_token"]
    answer = send(shop, f"/v3/alipay/user/info/share?auth_token={token}", {})
    assert answer.json()["user_id"] == buyer.user_number
    refused = send(shop, "/v3/alipay/user/info/share?auth_token=x", {})
    assert (refused.status_code, refused.json()["code"]) == (401, "invalid-auth-token")


def test_an_app_with_a_mandate_sells_for_the_other_merchant(shop: Shop, buyer: WalletUser) -> None:
    subject = make_shop("Noodle Bar")
    token, order = app_token(shop, subject), new_order()
    sale = {
        "out_trade_no": order,
        "total_amount": "12.00",
        "subject": "Noodles",
        "scene": "bar_code",
        "auth_code": fresh_code(buyer),
    }
    common = {"app_auth_token": token, "notify_url": "http://127.0.0.1:9/n"}
    paid = shop.send(shop.params("alipay.trade.pay", sale, **common))
    assert paid.node["code"] == "10000"
    payment = Payment.objects.get(reference=order)
    assert payment.payee_id == subject.merchant.id
    assert available_minor(buyer) == 988_00
    assert subject.ask("alipay.trade.query", out_trade_no=order).node["code"] == "10000"
    unknown = shop.ask("alipay.trade.query", out_trade_no=order)
    assert unknown.sub_code == "ACQ.TRADE_NOT_EXIST"
    advance(seconds=1)
    told = Notification.objects.get(out_trade_no=order).params
    assert (told["app_id"], told["auth_app_id"]) == (shop.app.app_number, subject.app.app_number)


def test_the_rest_protocol_acts_for_another_merchant_too(shop: Shop, buyer: WalletUser) -> None:
    subject = make_shop("Noodle Bar")
    order = subject.sold(buyer)
    header = {"HTTP_ALIPAY_APP_AUTH_TOKEN": app_token(shop, subject)}
    answer = send(shop, content={"out_trade_no": order}, **header)
    assert answer.json()["trade_status"] == "TRADE_SUCCESS"


@pytest.mark.parametrize(
    ("days", "back", "said"),
    [
        (0, True, "aop.invalid-app-auth-token"),
        (365, False, "aop.app-auth-token-time-out"),
    ],
)
def test_a_mandate_ends(shop: Shop, days: int, back: bool, said: str) -> None:
    token = app_token(shop, make_shop("Noodle Bar"))
    if back:
        taken_back(shop, {})
    later(days=days)
    params = shop.params("alipay.trade.query", {"out_trade_no": "X"}, app_auth_token=token)
    answer = shop.send(params)
    assert (answer.node["code"], answer.sub_code) == ("20001", said)


def test_a_mandate_is_worth_nothing_to_another_app(shop: Shop) -> None:
    token = app_token(shop, make_shop("Noodle Bar"))
    thief = make_shop("Thief")
    answer = thief.send(thief.params("alipay.trade.query", {}, app_auth_token=token))
    assert answer.sub_code == "aop.invalid-app-auth-token"


def test_a_mandate_tells_whose_it_is(shop: Shop) -> None:
    subject = make_shop("Noodle Bar")
    code = mandated(shop, subject)
    params = shop.params(MANDATE, "", grant_type="authorization_code", code=code)
    node = shop.send(params).node
    assert (node["code"], node["auth_app_id"]) == ("10000", subject.app.app_number)
    assert node["user_id"] == subject.merchant.merchant_number
    assert node["tokens"][0]["app_auth_token"] == node["app_auth_token"]
    asked = shop.ask(f"{MANDATE}.query", app_auth_token=node["app_auth_token"]).node
    assert (asked["status"], asked["auth_app_id"]) == ("valid", subject.app.app_number)
    renewed = shop.ask(MANDATE, grant_type="refresh_token", refresh_token=node["app_refresh_token"])
    assert renewed.node["auth_app_id"] == subject.app.app_number


def test_a_switched_off_subject_cannot_be_acted_for(shop: Shop) -> None:
    subject = make_shop("Noodle Bar")
    token = app_token(shop, subject)
    type(subject.app).objects.filter(id=subject.app.id).update(state="DISABLED")
    advance(seconds=10)
    answer = shop.send(shop.params("alipay.trade.query", {}, app_auth_token=token))
    assert answer.sub_code in {"isv.insufficient-isv-permissions", "ACQ.INVALID_PARAMETER"}


def test_a_citizen_sees_what_they_allowed_and_takes_it_back(shop: Shop, buyer: WalletUser) -> None:
    token = tokens(shop, buyer, *USER)["access_token"]
    client, stranger = client_of(buyer), client_of(make_user())
    [seen] = client.get("/api/v1/consents").json()["results"]
    assert (seen["app_id"], seen["scopes"]) == (shop.app.app_number, ["identity", "profile"])
    assert stranger.get("/api/v1/consents").json()["results"] == []
    assert stranger.delete(f"/api/v1/consents/{seen['id']}").status_code == 404
    assert client.delete(f"/api/v1/consents/{seen['id']}").status_code == 204
    assert client.delete(f"/api/v1/consents/{seen['id']}").status_code == 204
    assert shop.ask(SHARE, auth_token=token).sub_code == "aop.invalid-auth-token"
    assert Client().get("/api/v1/consents").status_code == 401
