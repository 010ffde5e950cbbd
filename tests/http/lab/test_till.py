"""The till's acts, each a signed request over a real socket to the real gateway."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from lab import demo_accounts, demo_keys
from lab.mock_merchant import client as client_module
from lab.mock_merchant.client import Answer
from tests.factories.world import bring_on_stage, let_work_run
from wallet.payments.usecases.issue_codes import issue_fresh_code
from wallet.public import user_by_phone

pytestmark = pytest.mark.slow

Till = Callable[..., dict[str, Any]]
SALE = {"shop": "baozi", "order": "A1", "amount": "12.00", "subject": "肉包子 × 4"}
ORDER = {"shop": "baozi", "order": "A1"}


@pytest.fixture
def till(
    live_server: LiveServer,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    client: Client,
) -> Till:
    """Do one thing at a till."""
    bring_on_stage(settings, monkeypatch, tmp_path, live_server.url, whole=False)

    def act(what: str, **body: object) -> dict[str, Any]:
        answer = client.post(f"/lab/till/{what}", body, content_type="application/json")
        found: dict[str, Any] = answer.json()
        return found

    return act


def code() -> str:
    """A code as Li's phone shows it."""
    return issue_fresh_code(user_id=user_by_phone(demo_accounts.CITIZENS[0].phone).id).code


def test_a_charged_code_is_paid_and_signed(till: Till) -> None:
    receipt = till("pay", **SALE, auth_code=code())

    assert receipt["outcome"] == "PAID"
    assert receipt["trade"]["total_amount"] == "12.00"
    assert '"sign":"' in receipt["raw"]


def test_the_same_sale_again_is_the_same_sale(till: Till) -> None:
    shown = code()
    first = till("pay", **SALE, auth_code=shown)

    again = till("query", **ORDER)

    assert again["outcome"] == "PAID"
    assert again["trade"]["trade_no"] == first["trade"]["trade_no"]


def test_a_sale_above_the_limit_waits_for_the_payer(till: Till, settings: Settings) -> None:
    settings.SAOMA_NO_PIN_LIMIT_MINOR = 100

    assert till("pay", **SALE, auth_code=code())["outcome"] == "WAITING"
    assert till("query", **ORDER)["outcome"] == "WAITING"
    assert till("cancel", **ORDER)["outcome"] == "CLOSED"
    assert till("query", **ORDER)["outcome"] == "CLOSED"


def test_a_bad_code_is_refused_in_the_gateways_words(till: Till) -> None:
    receipt = till("pay", **SALE, auth_code="28000000000000000000")

    assert receipt["outcome"] == "REFUSED"
    assert receipt["sub_code"] == "ACQ.PAYMENT_AUTH_CODE_INVALID"


@pytest.mark.parametrize("amount", ["0", "-1", "1.234", "abc", "1e3"])
def test_a_bad_amount_is_refused_and_never_a_crash(till: Till, amount: str) -> None:
    receipt = till("pay", **{**SALE, "amount": amount}, auth_code=code())

    assert receipt["outcome"] == "REFUSED"
    assert receipt["sub_code"]


def test_an_offered_order_has_a_code_and_no_trade_yet(till: Till) -> None:
    receipt = till("order", **SALE)

    assert receipt["outcome"] == "ORDERED"
    assert receipt["trade"]["qr_code"]
    assert till("query", **ORDER, offered=True)["outcome"] == "ORDERED"
    assert till("order", **SALE)["trade"]["qr_code"] == receipt["trade"]["qr_code"]


def test_money_is_given_back_at_most_once_over(till: Till) -> None:
    till("pay", **SALE, auth_code=code())

    part = till("refund", **ORDER, amount="5.00", request="R1")
    too_much = till("refund", **ORDER, amount="8.00", request="R2")

    assert part["outcome"] == "REFUNDED"
    assert part["trade"]["refund_fee"] == "5.00"
    assert too_much["outcome"] == "REFUSED"


def test_a_lost_answer_is_unknown(till: Till, settings: Settings) -> None:
    settings.PUBLIC_URL = "http://127.0.0.1:9"
    body = {**ORDER, "amount": "1.00", "request": "R1"}

    assert till("pay", **SALE, auth_code=code())["outcome"] == "UNKNOWN"
    assert till("order", **SALE)["outcome"] == "UNKNOWN"
    assert till("query", **ORDER)["outcome"] == "UNKNOWN"
    assert till("cancel", **ORDER)["outcome"] == "UNKNOWN"
    assert till("refund", **body)["outcome"] == "UNKNOWN"


@pytest.mark.parametrize("act", ["pay", "order", "cancel", "refund", "query"])
def test_an_answer_that_says_unknown_is_not_a_refusal(
    till: Till, monkeypatch: pytest.MonkeyPatch, act: str
) -> None:
    unknown = Answer("20000", "Service unavailable", "isp.unknow-error", "", {})
    monkeypatch.setattr(client_module.Client, "call", lambda *_, **__: unknown)
    body = {
        "pay": {**SALE, "auth_code": "28000000000000000000"},
        "order": SALE,
        "cancel": ORDER,
        "refund": {**ORDER, "amount": "1.00", "request": "R1"},
        "query": ORDER,
    }[act]

    assert till(act, **body)["outcome"] == "UNKNOWN"


def test_an_answer_nobody_signed_is_no_answer(till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    def forge(*_: object, **__: object) -> Answer:
        raise client_module.BadSignature("not the gateway's")

    monkeypatch.setattr(client_module.Client, "call", forge)

    assert till("pay", **SALE, auth_code="28000000000000000000")["outcome"] == "UNKNOWN"


def test_a_charge_that_never_arrived_stays_unknown_until_it_is_cancelled(till: Till) -> None:
    assert till("query", **ORDER)["outcome"] == "UNKNOWN"
    assert till("cancel", **ORDER)["outcome"] == "CLOSED"


def test_an_unknown_shop_sells_nothing(till: Till) -> None:
    assert till("query", shop="nobody", order="A1")["code"] == "shop_unknown"


def test_the_stage_shows_the_notification_and_its_answer(till: Till, client: Client) -> None:
    till("pay", **SALE, auth_code=code())
    let_work_run()

    [notification] = client.get("/lab/stage").json()["notifications"]

    assert notification["state"] == "DELIVERED"
    assert notification["params"]["out_trade_no"] == "A1"
    assert [attempt["answer"] for attempt in notification["attempts"]] == ["success"]


def test_a_resent_notification_is_tried_again(till: Till, client: Client) -> None:
    till("pay", **SALE, auth_code=code())
    let_work_run()
    [notification] = client.get("/lab/stage").json()["notifications"]

    client.post(
        f"/lab/notifications/{notification['id']}/resend", {}, content_type="application/json"
    )
    let_work_run()

    [notification] = client.get("/lab/stage").json()["notifications"]
    assert [attempt["by_hand"] for attempt in notification["attempts"]] == [False, True]


def test_the_tills_key_is_for_its_owner_only(till: Till) -> None:
    path = Path(demo_keys.load("baozi").private_key_file)

    assert path.stat().st_mode & 0o077 == 0
