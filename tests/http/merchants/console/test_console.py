"""The developers' console: what each page shows, does, and refuses."""

import re
from html import unescape
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.test.client import MULTIPART_CONTENT
from pytest_django.fixtures import Settings

from config.kernel.outbox import relay
from merchants.notifications.models import Notification
from merchants.onboarding.models import App, AppKey
from merchants.onboarding.rules import pkcs8_of
from merchants.workbench import queries as workbench
from merchants.workbench import recorder
from merchants.workbench.models import FaultSwitch, GatewayCall
from tests.factories.accounts import PASSWORD, PIN, make_user
from tests.factories.merchants import key_pair
from tests.gateway.world import Shop, fresh_code, make_shop
from wallet.accounts.models import LoginThrottle, SessionToken, WalletUser
from wallet.accounts.values import ThrottleKind

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
FORM = "application/x-www-form-urlencoded"
NEWCOMER = {"shop": "新店 Tea", "phone": "+8613912345678", "password": PASSWORD, "pin": PIN}


@pytest.fixture
def owner() -> WalletUser:
    """A wallet user who owns a shop."""
    return make_user(name="Wang Fang")


@pytest.fixture
def shop(owner: WalletUser, settings: Settings) -> Shop:
    """The owner's shop, whose calls are written down at once."""
    settings.SAOMA_GATEWAY_LOG = recorder.INLINE
    workbench.forget_switches()
    return make_shop(owner=owner)


@pytest.fixture
def desk(owner: WalletUser) -> Client:
    """The owner's browser, signed in."""
    client = Client()
    client.post("/console/sign-in", {"phone": owner.phone, "password": PASSWORD})
    return client


def page(client: Client, path: str, status: int = 200) -> str:
    """A page's text."""
    answer = client.get(path)
    assert answer.status_code == status, answer.content[:500]
    return unescape(answer.content.decode())


def app_path(shop: Shop, rest: str = "") -> str:
    """The address of the shop's app."""
    return f"/console/apps/{shop.app.app_number}/{rest}"


def test_a_newcomer_has_a_shop_in_one_step_and_can_pay_with_its_key() -> None:
    client = Client()
    answer = client.post("/console/start", NEWCOMER)
    text = unescape(answer.content.decode())
    app = App.objects.get()
    key = re.search(r"-----BEGIN RSA PRIVATE KEY-----.*?-----END RSA PRIVATE KEY-----", text, re.S)
    assert key
    for_java = re.search(r"-----BEGIN PRIVATE KEY-----.*?-----END PRIVATE KEY-----", text, re.S)
    assert for_java
    assert pkcs8_of(key.group()).strip() == for_java.group()
    assert app.app_number in page(client, "/console/")
    shop = Shop(app.merchant, app, key.group(), "")
    assert shop.send(shop.params("alipay.trade.query", {"out_trade_no": "A"})).signed


def test_a_taken_phone_is_refused_and_nothing_is_made(owner: WalletUser) -> None:
    answer = Client().post("/console/start", NEWCOMER | {"phone": owner.phone})
    assert answer.status_code == 422
    assert b"phone_taken" in answer.content
    assert App.objects.count() == 0


def test_outside_the_sandbox_nobody_gets_a_shop_without_a_review(settings: Settings) -> None:
    settings.LAB_MODE = False
    answer = Client().post("/console/start", NEWCOMER)
    assert answer.status_code == 422
    assert b"sandbox_only" in answer.content


def test_a_wrong_password_opens_nothing(owner: WalletUser) -> None:
    client = Client()
    answer = client.post("/console/sign-in", {"phone": owner.phone, "password": "wrong"})
    assert answer.status_code == 422
    assert client.get("/console/calls/").headers["Location"] == "/console/"


def test_signing_out_ends_the_wallet_session_too(desk: Client) -> None:
    desk.post("/console/sign-out")
    assert SessionToken.objects.get().revoked_at is not None
    assert "Sign in" in page(desk, "/console/")


@pytest.mark.parametrize(
    "path", ["calls/", "notifications/", "apps/2021000000000000/", f"calls/{'0' * 8}-0000-0000"]
)
def test_a_stranger_is_sent_to_the_door(path: str) -> None:
    assert Client().get(f"/console/{path}").status_code in {302, 404}


def test_the_apps_page_has_what_an_sdk_must_be_told(desk: Client, shop: Shop) -> None:
    text = page(desk, app_path(shop))
    line = re.sub(r"-----.*?-----|\s", "", shop.gateway_pem)
    assert all(one in text for one in (shop.app.app_number, shop.merchant.merchant_number, line))


def test_another_persons_app_is_not_there(shop: Shop) -> None:
    other, client = make_user(), Client()
    client.post("/console/sign-in", {"phone": other.phone, "password": PASSWORD})
    page(client, app_path(shop), 404)
    answer = client.post(app_path(shop, "keys"), {"make": "1"})
    assert answer.status_code == 404
    assert AppKey.objects.count() == 1


def test_a_pasted_key_takes_the_old_ones_place_with_an_overlap(desk: Client, shop: Shop) -> None:
    new = {"public_key": key_pair(7).public_base64, "overlap_hours": "2"}
    assert desk.post(app_path(shop, "keys"), new).status_code == 302
    assert set(AppKey.objects.values_list("state", flat=True)) == {"ACTIVE", "RETIRING"}


def test_a_made_pair_is_shown_once_in_both_forms(desk: Client, shop: Shop) -> None:
    text = unescape(desk.post(app_path(shop, "keys"), {"make": "1"}).content.decode())
    assert "BEGIN RSA PRIVATE KEY" in text
    assert "BEGIN PRIVATE KEY" in text
    assert "PRIVATE KEY" not in page(desk, app_path(shop))


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ({"public_key": "x"}, "key_unreadable"),
        ({"public_key": "-----BEGIN PRIVATE KEY-----"}, "private_key_refused"),
        ({"make": "1", "overlap_hours": "-1"}, "invalid_request"),
        ({"make": "1", "overlap_hours": "9999"}, "overlap_out_of_range"),
    ],
)
def test_a_wrong_key_is_refused_with_its_code(
    desk: Client, shop: Shop, form: dict[str, str], code: str
) -> None:
    answer = desk.post(app_path(shop, "keys"), form)
    assert answer.status_code == 422
    assert code in answer.content.decode()
    assert AppKey.objects.count() == 1


def test_a_key_is_revoked_at_once(desk: Client, shop: Shop) -> None:
    key = AppKey.objects.get()
    desk.post(app_path(shop, f"keys/{key.id}/revoke"))
    answer = shop.send(shop.params("alipay.trade.query", {"out_trade_no": "A"}))
    assert answer.sub_code == "isv.invalid-signature"


def test_an_app_is_registered_and_told_where_to_notify(desk: Client, shop: Shop) -> None:
    form = {"merchant": shop.merchant.merchant_number, "name": "Web shop", "notify_url": ""}
    answer = desk.post("/console/apps", form)
    app = App.objects.exclude(id=shop.app.id).get()
    assert answer.headers["Location"] == f"/console/apps/{app.app_number}/"
    address = {"notify_url": "http://127.0.0.1:3000/n"}
    desk.post(f"/console/apps/{app.app_number}/address", address)
    app.refresh_from_db()
    assert app.notify_url == "http://127.0.0.1:3000/n"


@pytest.mark.parametrize("form", [{"name": ""}, {"name": "x", "notify_url": "ftp://x"}])
def test_a_wrong_app_is_refused(desk: Client, shop: Shop, form: dict[str, str]) -> None:
    desk.post("/console/apps", form | {"merchant": shop.merchant.merchant_number})
    assert App.objects.count() == 1
    assert "invalid" in page(desk, "/console/")


def test_calls_are_found_and_explained(desk: Client, shop: Shop) -> None:
    params = shop.params("alipay.trade.query", {"out_trade_no": "茶 1"})
    shop.send(params | {"sign": "AAAA"})
    listed = page(desk, "/console/calls/?q=invalid-signature&failed=1")
    call = GatewayCall.objects.get()
    assert f"/console/calls/{call.id}/" in listed
    text = page(desk, f"/console/calls/{call.id}/")
    assert "The signature does not fit" in text
    assert 'biz_content={"out_trade_no": "茶 1"}' in text
    assert "cut_short" in text


def test_a_call_names_what_did_nothing(desk: Client, shop: Shop) -> None:
    shop.ask("alipay.trade.query", out_trade_no="T1", org_pid="2088")
    text = page(desk, f"/console/calls/{GatewayCall.objects.get().id}/")
    assert "Read, without effect here" in text
    assert "org_pid" in text
    GatewayCall.objects.all().delete()
    shop.ask("alipay.trade.query", out_trade_no="T1")
    plain = page(desk, f"/console/calls/{GatewayCall.objects.get().id}/")
    assert "Read, without effect here" not in plain


@pytest.mark.parametrize(
    ("method", "told"),
    [
        ("alipay.marketing.voucher.query", "Alipay has it, this sandbox has not."),
        ("alipay.trade.querry", "alipay.trade.query"),
        ("zzz.zzz", "Alipay has no such method."),
    ],
)
def test_a_method_that_is_not_here_is_told_from_a_typing_error(
    desk: Client, shop: Shop, method: str, told: str
) -> None:
    shop.ask(method, out_trade_no="T1")
    text = page(desk, f"/console/calls/{GatewayCall.objects.get().id}/")
    assert told in text
    assert ("Alipay has no such method" in text) is (method != "alipay.marketing.voucher.query")


def test_somebody_elses_call_is_not_there(desk: Client) -> None:
    other = make_shop()
    other.send(other.params("alipay.trade.query", {"out_trade_no": "A"}))
    assert "No call found" in page(desk, "/console/calls/")


def test_a_pasted_request_is_explained(desk: Client, shop: Shop) -> None:
    shop.send(shop.params("alipay.trade.query", {"out_trade_no": "A"}))
    call = GatewayCall.objects.get()
    pasted = f"POST {call.target} HTTP/1.1\n{call.body}"
    answer = desk.post("/console/explain/", {"request": pasted})
    assert "The signature fits" in answer.content.decode()
    wrong = desk.post("/console/explain/", {"request": pasted, "canonical": "app_id=1"})
    assert 'id="first-byte">7<' in wrong.content.decode()


def test_raw_http_and_a_curl_command_are_explained(desk: Client, shop: Shop) -> None:
    params = shop.params("alipay.trade.query", {"out_trade_no": "茶"}, charset="GBK")
    body = urlencode({"biz_content": params.pop("biz_content")}, encoding="gbk")
    query = urlencode(params, encoding="gbk")
    raw = f"POST /gateway.do?{query} HTTP/1.1\r\nHost: x\r\nAccept: */*\r\n\r\n{body}\r\n"
    curl = f"curl 'http://127.0.0.1:8000/gateway.do?{query}' \\\r\n  -H 'Accept: */*' -d '{body}'"
    for pasted in (raw, curl):
        text = desk.post("/console/explain/", {"request": pasted}).content.decode()
        assert "The signature fits" in text
        assert "茶" in text


def test_a_charset_is_taken_from_the_content_type_where_nothing_else_names_one(
    desk: Client,
) -> None:
    body = urlencode({"biz_content": "茶"}, encoding="gbk")
    raw = f"POST /gateway.do HTTP/1.1\nContent-Type: {FORM}; charset=GBK\n\n{body}"
    text = desk.post("/console/explain/", {"request": raw}).content.decode()
    assert "biz_content=茶" in text


def test_a_command_whose_quotes_do_not_close_is_refused_in_words(desk: Client) -> None:
    answer = desk.post("/console/explain/", {"request": "curl 'http://x/?a=1"})
    assert "quotes of this command do not close" in answer.content.decode()


def test_a_string_is_not_shown_twice_where_it_is_ours(desk: Client, shop: Shop) -> None:
    params = shop.params("alipay.trade.query", {"out_trade_no": "A"})
    sign = params["sign"].rstrip("=")
    answer = desk.post("/console/explain/", {"request": urlencode(params | {"sign": sign})})
    assert "no_padding" in answer.content.decode()
    assert "The string you signed</h3>" not in answer.content.decode()


@pytest.mark.parametrize("pasted", ["", "x", "?%FF=%00", "a=1&" * 500, "curl", "curl '", "\n\n"])
def test_nonsense_is_explained_without_falling_over(pasted: str) -> None:
    assert Client().post("/console/explain/", {"request": pasted}).status_code == 200


def test_notifications_are_listed_and_sent_again(desk: Client, shop: Shop) -> None:
    from_shop = notified(shop)
    assert from_shop.out_trade_no in page(desk, "/console/notifications/?q=N1")
    path = f"/console/notifications/{from_shop.id}/"
    assert from_shop.notify_id in page(desk, path)
    desk.post(path)
    assert "sent again" in page(desk, path)


def notified(shop: Shop) -> Any:
    """A notification of the shop's."""
    from_buyer = make_user(balance_minor=100_00)
    content = {"total_amount": "1.00", "subject": "tea", "scene": "bar_code"}
    content |= {"out_trade_no": "N1", "auth_code": fresh_code(from_buyer)}
    shop.send(shop.params("alipay.trade.pay", content, notify_url="http://127.0.0.1:9/x"))
    relay.drain()
    return Notification.objects.get()


def test_a_fault_is_switched_on_and_off(desk: Client, shop: Shop) -> None:
    form = {"kind": "DROP_ANSWER", "percent": "50", "times": "3"}
    desk.post(app_path(shop, "faults"), form)
    switch = FaultSwitch.objects.get()
    assert (switch.percent, switch.left) == (50, 3)
    assert "on, 50 %, 3 left" in page(desk, app_path(shop))
    desk.post(app_path(shop, "faults"), {"kind": "DROP_ANSWER", "off": "1"})
    assert FaultSwitch.objects.count() == 0


@pytest.mark.parametrize(
    "form", [{"kind": "x"}, {"kind": "DROP_ANSWER", "percent": "0"}, {"kind": "DELAY_ANSWER"}]
)
def test_a_wrong_fault_is_refused(desk: Client, shop: Shop, form: dict[str, str]) -> None:
    assert desk.post(app_path(shop, "faults"), form).status_code == 422
    assert FaultSwitch.objects.count() == 0


@pytest.mark.parametrize("language", ["python", "node", "java", "php", "go"])
def test_a_guide_is_filled_in_with_the_apps_own_values(
    desk: Client, shop: Shop, language: str
) -> None:
    assert shop.app.app_number in page(desk, f"/console/guides/{language}/")
    assert "YOUR_APP_ID" in page(Client(), f"/console/guides/{language}/")


def test_a_language_nobody_wrote_for_is_not_there() -> None:
    page(Client(), "/console/guides/cobol/", 404)


def test_the_compatibility_table_is_the_test_runs_own() -> None:
    assert "alipay.trade.pay" in page(Client(), "/console/compatibility/")


@pytest.mark.parametrize(
    ("way_in", "kind"),
    [("/api/v1/sessions", "application/json"), ("/console/sign-in", MULTIPART_CONTENT)],
)
def test_behind_a_proxy_only_the_proxy_s_own_word_on_the_caller_counts(
    way_in: str, kind: str, owner: WalletUser, settings: Settings
) -> None:
    settings.SAOMA_TRUSTED_PROXIES = ["127.0.0.0/8"]
    for claimed in ("203.0.113.9", "203.0.113.10"):
        Client().post(
            way_in,
            {"phone": owner.phone, "password": "a wrong one"},
            content_type=kind,
            headers={"x-forwarded-for": f"{claimed}, 198.51.100.7"},
        )
    throttle = LoginThrottle.objects.get(kind=ThrottleKind.ADDRESS)
    assert (throttle.subject, throttle.strikes) == ("198.51.100.7", 2)
