"""The lab's pages and what they ask for: open in lab mode, absent everywhere else."""

from datetime import datetime
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django.fixtures import Settings

from config.admin.roles import ROLES, check_separate
from lab import demo_accounts
from tests.factories.world import bring_on_stage, let_work_run
from wallet.public import trial_balance
from wallet.qr.classify import classify

pytestmark = pytest.mark.slow

PAGES = (
    *("/", "/phone/", "/till/", "/stage/", "/magic/", "/story/", "/lessons/", "/doors/"),
    "/lessons/stolen-phone/",
    "/faults/",
    "/worksheets/",
)
QUESTIONS = (
    "/lab/world",
    "/lab/stage",
    "/lab/stream",
    "/lab/clock",
    "/lab/events",
    "/lab/stories",
    "/lab/scenarios",
)
JSON = "application/json"


@pytest.fixture
def world(db: None, settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """One citizen and one shop of the demo."""
    bring_on_stage(settings, monkeypatch, tmp_path, "http://testserver", whole=False)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_shown_under_a_strict_policy(db: None, client: Client, path: str) -> None:
    answer = client.get(path)

    assert answer.status_code == 200
    assert "'unsafe-inline'" not in answer.headers["Content-Security-Policy"]
    assert b"style=" not in answer.content
    assert b"<script>" not in answer.content


@pytest.mark.parametrize("path", [*PAGES, *QUESTIONS])
def test_outside_the_lab_there_is_nothing(
    db: None, client: Client, settings: Settings, path: str
) -> None:
    settings.LAB_MODE = False

    assert client.get(path).status_code == 404


@pytest.mark.parametrize("path", ["/lab/till/pay", "/lab/clock/advance", "/lab/notify/baozi"])
def test_outside_the_lab_nothing_can_be_done(
    db: None, client: Client, settings: Settings, path: str
) -> None:
    settings.LAB_MODE = False

    assert client.post(path, {}, content_type=JSON).status_code == 404


def test_the_lab_is_not_in_the_api_document(db: None, client: Client) -> None:
    assert b"/lab/" not in client.get("/api/schema/").content


def test_the_world_names_who_can_pay_and_sell(world: None, client: Client) -> None:
    answer = client.get("/lab/world").json()

    assert [citizen["name"] for citizen in answer["citizens"]] == [demo_accounts.CITIZENS[0].name]
    assert [shop["webhook_response"] for shop in answer["shops"]] == ["WELL"]
    assert answer["prefix"] == "28"
    assert classify(answer["shops"][0]["sticker"]).strict_errors == ()


def test_before_the_seed_there_are_no_shops(
    db: None, client: Client, settings: Settings, tmp_path: Path
) -> None:
    settings.DATA_DIR = tmp_path

    assert client.get("/lab/world").json()["shops"] == []


def test_the_stage_shows_balanced_journals_with_peoples_names(world: None, client: Client) -> None:
    answer = client.get("/lab/stage").json()

    topup = next(one for one in answer["journals"] if one["kind"] == "topup")
    assert [entry["side"] for entry in topup["entries"]] == ["DEBIT", "CREDIT"]
    assert (
        topup["entries"][0] | {"owner": "", "role": "asset.custodian_bank"} == topup["entries"][0]
    )
    assert topup["entries"][1]["role"] == "available"
    assert topup["entries"][1]["owner"]
    assert set(answer["trial_balance"].values()) == {"0.00"}


def test_the_stream_is_opened_by_a_token_and_the_last_event(world: None, client: Client) -> None:
    grant = client.get("/lab/stream").json()

    assert grant["token"]
    assert client.get("/lab/events", {"after": grant["after"]}).json() == {"events": []}
    assert client.get("/lab/events", {"after": "nonsense"}).json()["events"]


def test_the_clock_goes_forward_and_tells_what_ran(world: None, client: Client) -> None:
    before = client.get("/lab/clock").json()

    answer = client.post("/lab/clock/advance", {"step": "DAY"}, content_type=JSON).json()

    assert before["ahead_s"] == 0
    assert answer["ahead_s"] == pytest.approx(86_400, abs=60)
    assert "ledger.roll_up" in {job["job"] for job in answer["jobs"]}
    assert trial_balance() == {"CNY": 0}


def test_the_clock_steps_to_the_next_event(world: None, client: Client) -> None:
    let_work_run()
    due = client.get("/lab/clock").json()["next_due"]

    answer = client.post("/lab/clock/advance", {"step": "NEXT"}, content_type=JSON).json()

    assert datetime.fromisoformat(answer["now"]) >= datetime.fromisoformat(due)


def test_the_clock_takes_only_the_steps_it_knows(db: None, client: Client) -> None:
    answer = client.post("/lab/clock/advance", {"step": "YEAR"}, content_type=JSON)

    assert answer.status_code == 400
    assert answer.json()["field"] == "step"


def test_a_webhook_response_is_kept_and_shown(world: None, client: Client) -> None:
    body = {"shop": "baozi", "webhook_response": "ERROR"}

    answer = client.post("/lab/webhook-responses", body, content_type=JSON).json()

    assert answer["shops"][0]["webhook_response"] == "ERROR"
    assert client.post("/lab/notify/baozi", {"a": "b"}).status_code == 500


def test_an_unknown_shop_is_not_found(world: None, client: Client) -> None:
    body = {"shop": "nobody", "webhook_response": "WELL"}

    assert client.post("/lab/webhook-responses", body, content_type=JSON).status_code == 404
    assert client.post("/lab/notify/nobody", {}).status_code == 404


def test_an_unsigned_notification_is_not_believed(world: None, client: Client) -> None:
    answer = client.post("/lab/notify/baozi", {"out_trade_no": "1", "sign": "x"})

    assert answer.content == b"fail: the signature does not fit"


def test_the_wrong_word_is_answered_on_request(world: None, client: Client) -> None:
    client.post(
        "/lab/webhook-responses", {"shop": "baozi", "webhook_response": "WRONG"}, content_type=JSON
    )

    assert client.post("/lab/notify/baozi", {}).content == b"OK, thank you"


def test_a_notification_nobody_knows_is_not_resent(db: None, client: Client) -> None:
    path = "/lab/notifications/00000000-0000-7000-8000-000000000000/resend"

    assert client.post(path, {}, content_type=JSON).status_code == 404


def test_a_sticker_is_drawn_for_print(world: None, client: Client) -> None:
    answer = client.get("/lab/stickers/baozi.svg")

    assert answer.headers["Content-Type"].startswith("image/svg+xml")
    assert answer.content.startswith(b"<svg")
    assert client.get("/lab/stickers/nobody.svg").status_code == 404


def test_the_demos_operators_hold_roles_and_nobody_holds_everything(world: None) -> None:
    operators = {user.username: user for user in User.objects.filter(is_staff=True)}

    assert not any(user.is_superuser for user in operators.values())
    assert {*demo_accounts.OPERATOR_ROLES, *ROLES} <= operators.keys()
    for user in operators.values():
        check_separate(user.groups.values_list("name", flat=True))
        assert user.check_password(demo_accounts.OPERATOR_PASSWORD)


def test_the_test_data_name_each_operator(world: None, client: Client) -> None:
    page = client.get("/magic/").content.decode()

    assert [name for name in demo_accounts.OPERATOR_ROLES if f">{name}<" not in page] == []


def test_a_poster_shows_the_shop_its_code_and_nothing_else_is_found(
    world: None, client: Client
) -> None:
    page = client.get("/lab/stickers/baozi/").content.decode()

    assert demo_accounts.SHOPS[0].name in page
    assert "/lab/stickers/baozi.svg" in page
    assert client.get("/lab/stickers/nobody/").status_code == 404
