"""The REST protocol: signed headers both ways, HTTP statuses for refusals."""

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from config.kernel import clock
from merchants.gateway.dispatcher import METHODS
from merchants.onboarding.models import App
from merchants.onboarding.rules import load_public_key
from merchants.protocol import rules
from tests.factories.accounts import make_user
from tests.gateway import cutouts
from tests.gateway.v3 import NONCE, QUERY, sale, send
from tests.gateway.world import Shop
from tests.vectors import load
from wallet.accounts.models import WalletUser

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
ASKED_BY_GET = {
    "alipay.data.dataservice.bill.downloadurl.query",
    "alipay.fund.account.query",
    "alipay.fund.trans.common.query",
    "alipay.trade.order.onsettle.query",
    "alipay.trade.order.settle.query",
    "alipay.user.agreement.query",
    "alipay.user.certify.open.query",
}


def test_reproduces_the_vectors() -> None:
    known = load("gateway.json")
    request, response = known["v3_request"], known["v3_response"]
    header = rules.v3_authorization(request["authorization"])
    assert header is not None
    auth, facts, signature = header
    lines = request["canonical"].split("\n")
    canonical = rules.v3_request_canonical(auth, *lines[1:4])
    assert canonical == request["canonical"]
    assert facts["app_id"] == "2021000000000001"
    app_key = load_public_key(known["app_public_key"])
    assert cutouts.fits(canonical.encode(), signature, app_key)
    headers = response["headers"]
    said = rules.v3_response_canonical(
        headers["alipay-timestamp"], headers["alipay-nonce"], response["body"]
    )
    assert said == response["canonical"]
    gateway_key = load_public_key(known["gateway_public_key"])
    assert cutouts.fits(said.encode(), headers["alipay-signature"], gateway_key)


def test_pays_queries_and_refunds(shop: Shop, buyer: WalletUser) -> None:
    content = sale(buyer)
    paid = send(shop, "/v3/alipay/trade/pay", content)
    assert (paid.status_code, "code" in paid.json()) == (200, False)
    assert len(paid.headers["alipay-trace-id"]) == 32
    named = {"out_trade_no": content["out_trade_no"]}
    assert send(shop, QUERY, named).json()["trade_status"] == "TRADE_SUCCESS"
    wanted = named | {"refund_amount": "1.00", "out_request_no": "R1"}
    assert send(shop, "/v3/alipay/trade/refund", wanted).json()["fund_change"] == "Y"
    path = "/v3/alipay/trade/fastpay/refund/query"
    found = send(shop, path, named | {"out_request_no": "R1"}).json()
    assert found["refund_status"] == "REFUND_SUCCESS"


def test_says_accepted_while_the_buyer_must_confirm(shop: Shop) -> None:
    rich = make_user(balance_minor=50_000_00, kyc_tier=3)
    answer = send(shop, "/v3/alipay/trade/pay", sale(rich, total_amount="9999.00"))
    assert answer.status_code == 202


def test_takes_a_query_string_signed_as_it_was_sent(shop: Shop) -> None:
    number = shop.merchant.merchant_number
    path = f"/v3/alipay/fund/account/query?alipay_user_id=%{ord(number[0]):02x}{number[1:]}"
    assert send(shop, path, verb="GET").json()["available_amount"] == "0.00"


@pytest.mark.parametrize("name", sorted(set(METHODS) - {n for n in METHODS if METHODS[n].page}))
def test_each_path_has_one_verb_and_the_other_moves_nothing(shop: Shop, name: str) -> None:
    verb = METHODS[name].rest_verb
    assert verb == ("GET" if name in ASKED_BY_GET else "POST")
    for other in {"GET", "POST", "PUT", "DELETE"} - {verb}:
        answer = send(shop, "/v3/" + name.replace(".", "/"), {}, verb=other)
        told = (answer.status_code, answer.headers["Allow"], answer.json()["code"])
        assert told == (405, verb, "method-not-allowed")


@pytest.mark.parametrize(
    ("age_s", "life", "status", "code"),
    [
        (30, "60", 400, "ACQ.TRADE_NOT_EXIST"),
        (90, "60", 400, "invalid-timestamp"),
        (1, "0", 400, "invalid-timestamp"),
        (1, "-5", 400, "invalid-parameter"),
        (1, "x", 400, "invalid-parameter"),
        (1, "9" * 30, 400, "invalid-parameter"),
    ],
)
def test_a_request_ends_when_it_says_so(
    shop: Shop, age_s: int, life: str, status: int, code: str
) -> None:
    sent_at = int((clock.now().timestamp() - age_s) * 1000)
    auth = f"app_id={shop.app.app_number},nonce={NONCE},timestamp={sent_at},expired_seconds={life}"
    answer = send(shop, QUERY, {"out_trade_no": "X"}, auth=auth)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


@pytest.mark.parametrize(
    ("path", "content", "status", "code"),
    [
        (QUERY, {"out_trade_no": "X"}, 400, "ACQ.TRADE_NOT_EXIST"),
        (QUERY, {}, 400, "ACQ.INVALID_PARAMETER"),
        (QUERY, "[]", 400, "invalid-parameter"),
        (QUERY, "{", 400, "invalid-parameter"),
        (QUERY, {"out_trade_no": "X", "notify_url": 5}, 400, "ACQ.TRADE_NOT_EXIST"),
        (QUERY, {"out_trade_no": "X", "notify_url": ["x"]}, 400, "invalid-parameter"),
        (QUERY, {"out_trade_no": "X", "notify_url": "x" * 300}, 400, "invalid-parameter"),
        ("/v3/no/such/method", {}, 400, "invalid-method"),
        ("/v3/alipay/trade/page/pay", {}, 400, "invalid-method"),
    ],
)
def test_refuses_with_a_status_and_a_code(
    shop: Shop, path: str, content: object, status: int, code: str
) -> None:
    answer = send(shop, path, content)
    said = answer.json()
    assert (answer.status_code, said["code"]) == (status, code)
    assert set(said) == {"code", "message", "details", "links"}


@pytest.mark.parametrize(
    ("auth", "status", "code"),
    [
        ("nonce=1,timestamp=1", 400, "missing-app-id"),
        ("app_id=1,nonce=1", 400, "missing-timestamp"),
        ("app_id=1,timestamp=x", 400, "invalid-timestamp"),
        ("app_id=1,timestamp=1", 400, "invalid-app-id"),
        ("app_id=é,timestamp=1", 400, "invalid-app-id"),
    ],
)
def test_names_what_is_wrong_in_the_header(shop: Shop, auth: str, status: int, code: str) -> None:
    answer = send(shop, auth=auth)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


@pytest.mark.parametrize("header", ["", "Bearer x", "ALIPAY-SHA256withRSA app_id=1"])
def test_asks_for_a_signature(shop: Shop, header: str) -> None:
    answer = send(shop, HTTP_AUTHORIZATION=header)
    assert (answer.status_code, answer.json()["code"]) == (401, "missing-signature")


def test_shows_its_own_string_when_a_signature_does_not_fit(shop: Shop) -> None:
    answer = send(shop, content={"out_trade_no": "X"}, signature="AAAA")
    assert (answer.status_code, answer.json()["code"]) == (401, "invalid-signature")
    assert f"app_id={shop.app.app_number}" in answer.json()["message"]


@pytest.mark.parametrize(
    ("header", "status", "code"),
    [
        ({"HTTP_ALIPAY_APP_AUTH_TOKEN": "t"}, 401, "invalid-app-auth-token"),
        ({"HTTP_ALIPAY_ENCRYPT_TYPE": "AES"}, 400, "decryption-error-unknown"),
        ({"HTTP_ALIPAY_ENCRYPT_TYPE": "DES"}, 400, "invalid-encrypt-type"),
    ],
)
def test_refuses_what_the_app_has_not_set_up(
    shop: Shop, header: dict[str, str], status: int, code: str
) -> None:
    answer = send(shop, content={}, **header)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_refuses_a_huge_body_and_broken_text(shop: Shop) -> None:
    huge = send(shop, content=" " * 300_000)
    assert (huge.status_code, huge.json()["code"]) == (400, "invalid-parameter")
    broken = Client().generic("POST", QUERY, b"\xff", "application/json")
    assert (broken.status_code, broken.json()["code"]) == (400, "invalid-charset")


def test_refuses_an_app_that_is_switched_off(shop: Shop) -> None:
    App.objects.update(state="DISABLED")
    answer = send(shop, content={})
    assert (answer.status_code, answer.json()["code"]) == (403, "insufficient-isv-permissions")


def test_judges_the_callers_clock_only_where_it_is_told_to(shop: Shop, settings: Settings) -> None:
    assert send(shop, content={"out_trade_no": "X"}).json()["code"] == "ACQ.TRADE_NOT_EXIST"
    settings.SAOMA_GATEWAY_MAX_SKEW_S = 300
    assert send(shop, content={"out_trade_no": "X"}).json()["code"] == "invalid-timestamp"


def test_signs_an_answer_even_when_something_breaks(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("the database is gone")

    monkeypatch.setattr("merchants.gateway.v3.schema.read", broken)
    answer = send(shop, content={"out_trade_no": "X"})
    assert (answer.status_code, answer.json()["code"]) == (500, "unknow-error")


def test_the_wrong_base_is_not_found(shop: Shop) -> None:
    assert Client().post("/gateway.do/v3/alipay/trade/query").status_code == 404
