"""One payment, one story: all that belongs to it by its number, found from any of its parts."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from config.kernel.usecases.advance_clock import advance_clock
from lab import check, recordings
from lab.in_process import InProcess
from lab.mock_merchant.client import Client as Merchant
from tests.factories.world import bring_on_stage, let_work_run
from wallet import public as wallet

pytestmark = pytest.mark.slow


@pytest.fixture
def paid(
    db: None, settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, client: Client
) -> str:
    """The number of a payment that was made through the gateway, told and refunded in part."""
    bring_on_stage(settings, monkeypatch, tmp_path, "http://testserver", whole=False)
    settings.SAOMA_GATEWAY_LOG = "inline"
    shop = Merchant(check.merchant_client("baozi", "http://testserver").settings, InProcess())
    code = client.post("/lab/phone/code", {}, content_type="application/json").json()["code"]
    answer = shop.pay(out_trade_no="BREAKFAST", amount="12.00", subject="buns", auth_code=code)
    shop.refund(out_trade_no="BREAKFAST", amount="5.00", out_request_no="R1")
    let_work_run()
    return str(answer["trade_no"])


def story(client: Client, number: str) -> dict[str, Any]:
    whole: dict[str, Any] = client.get(f"/lab/stories/{number}").json()
    return whole


def test_a_story_holds_everything_from_the_bytes_to_the_payout(paid: str, client: Client) -> None:
    advance_clock(by=timedelta(days=2))
    let_work_run()
    whole = story(client, paid)

    assert whole["short"] == f"#{paid[-4:]}"
    assert [call["signed"]["valid"] for call in whole["calls"]] == [True, True]
    assert "BREAKFAST" in whole["calls"][0]["signed"]["text"]
    assert whole["decisions"][0]["decision"] == "ACCEPT"
    payer, payee = whole["journals"][0]["accounts"]
    assert (payer["debit"], payee["credit"]) == ("12.00", "12.00")
    assert float(payer["before"]) - float(payer["after"]) == 12
    assert {row["topic"] for row in whole["events"]} >= {"payment.paid", "refund.succeeded"}
    assert whole["notifications"][0]["attempts"]
    assert {row["kind"] for row in whole["settlement"]} == {"PAYMENT", "REFUND"}
    assert [row["state"] for row in whole["payouts"]] == ["PAID"]
    drawn = [arrow["key"] for arrow in whole["arrows"]]
    assert drawn[:4] == ["shows_code", "call", "entry.payment", "answer"]
    assert {"notifies", "settles", "pays_out"} <= set(drawn)


def test_any_part_of_a_payment_leads_to_it(paid: str, client: Client) -> None:
    whole = story(client, paid)
    parts = [paid, "BREAKFAST", whole["calls"][0]["id"], whole["journals"][0]["id"]]
    parts += [whole["notifications"][0]["id"], str(wallet.latest_payments(1)[0].id)]

    led = [client.get("/story/", {"q": part}).headers.get("Location") for part in parts]

    assert led == [f"/story/{paid}/"] * len(parts)
    assert client.get("/story/", {"q": "nonsense"}).status_code == 404
    assert client.get(f"/story/{paid[:-1]}x/").status_code == 404
    assert client.get(f"/lab/stories/{paid[:-1]}x").status_code == 404


def test_a_scenario_that_nobody_has_played_has_no_lines(
    db: None, client: Client, settings: Settings, tmp_path: Path
) -> None:
    settings.DATA_DIR = tmp_path
    answer = client.get("/lab/scenarios/stolen-phone").json()

    assert (answer["lines"], answer["steps"] > 3) == ([], True)
    assert recordings.ended("stolen-phone") == ""
    path = "/lab/scenarios/no-such-scenario"
    assert client.post(path, {}, content_type="application/json").status_code == 404
    assert client.get("/lessons/no-such-scenario/").status_code == 404


def test_the_scissors_arm_one_fault_and_show_it(paid: str, client: Client) -> None:
    body = {"shop": "baozi", "kind": "DROP_ANSWER"}

    answer = client.post("/lab/faults", body, content_type="application/json").json()

    assert answer["faults"] == [{"shop": "baozi", "kind": "DROP_ANSWER", "left": 1, "seed": 42}]
    assert client.get("/lab/faults").json() == answer
    wrong = {"shop": "baozi", "kind": "EARTHQUAKE"}
    assert client.post("/lab/faults", wrong, content_type="application/json").status_code == 400
