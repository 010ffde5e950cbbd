"""World control over HTTP: a test suite in any language steers a world by it."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pytest_django.fixtures import Settings
from rest_framework.test import APIClient

from config.kernel import clock
from lab import demo_keys, snapshots
from lab.cli.remote import WorldRefuses, seed_text
from lab.demo_accounts import identity_number
from lab.mock_merchant.signing import verify_notification
from merchants.onboarding import rules
from tests.factories.world import prepared_pairs

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
WORLD = """
seed: 7
clock: 2026-03-02T07:00:00+08:00
people: [{key: li, name: Li, balance: "50.00"}]
shops: [{key: baozi, name: Baozi}]
"""


@pytest.fixture
def api(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> APIClient:
    settings.DATA_DIR = tmp_path
    pairs = prepared_pairs()
    monkeypatch.setattr(rules, "new_key_pair", lambda: next(pairs))
    return APIClient()


def post(api: APIClient, path: str, body: Any = None, status: int = 200) -> Any:
    answer = api.post(f"/lab/api/{path}", body or {}, format="json")
    assert answer.status_code == status, answer.content
    return answer.json()


def test_a_suite_seeds_pays_moves_time_and_starts_anew(api: APIClient) -> None:
    seeded = post(api, "seed", {"yaml": WORLD})
    assert {p["key"]: p["balance"] for p in seeded["people"]} == {"li": "50.00", "owner": "0.00"}
    codes = []
    for _ in range(2):
        codes.append(post(api, "codes", {"person": "li"})["code"])
        assert post(api, "topups", {"person": "li", "amount": "5.00"})["balance"] == "55.00"
        moved = post(api, "clock/advance", {"by_s": 86_400})
        assert moved["now"] == "2026-03-03T07:00:00+08:00"
        assert {"audit.anchor", "ledger.roll_up"} <= {due["job"] for due in moved["fired"]}
        assert all(due["words"] != due["job"] for due in moved["fired"])
        back = post(api, "reset")
        assert back["now"] == "2026-03-02T07:00:00+08:00"
    assert codes[0] == codes[1]
    snapshots.drop("seeded")


def test_says_what_will_fire_before_it_fires(api: APIClient) -> None:
    before = api.get("/lab/api/clock").json()
    due = before["upcoming"][0]
    moved = post(api, "clock/advance", {"next": True})
    assert datetime.fromisoformat(moved["now"]) >= datetime.fromisoformat(due["at"])


def test_the_clock_stands_still_and_never_turns_back(api: APIClient) -> None:
    assert post(api, "clock", {"times": 0})["times"] == 0
    now = clock.now()
    assert clock.now() == now
    past = datetime(2020, 1, 1, tzinfo=UTC).isoformat()
    refused = post(api, "clock/advance", {"to": past}, status=409)
    assert refused["code"] == "time_runs_forward"
    assert post(api, "clock", {"times": -1}, status=400)["code"] == "clock_rate_invalid"
    post(api, "clock/advance", {}, status=400)
    post(api, "clock/advance", {"by_s": 1, "next": True}, status=400)


def test_snapshots_are_kept_listed_and_restored(api: APIClient) -> None:
    assert post(api, "snapshots", {"name": "lesson"}, status=201)["snapshots"] == ["lesson"]
    assert post(api, "snapshots/lesson/restore")["snapshot"] == "lesson"
    post(api, "snapshots/none/restore", status=404)
    post(api, "snapshots", {"name": "No!"}, status=400)
    snapshots.drop("lesson")


def test_signs_what_never_happened_for_a_merchant_to_be_tried_with(api: APIClient) -> None:
    post(api, "seed", {"yaml": WORLD, "keep": False})
    params = {"out_trade_no": "A1", "trade_status": "TRADE_SUCCESS", "total_amount": "0.01"}
    signed = post(api, "notifications/sign", {"shop": "baozi", "params": params})["params"]
    key = demo_keys.gateway_public_key_file().read_text(encoding="utf-8")
    assert verify_notification(signed, key)


def test_mistakes_of_a_seed_are_named(api: APIClient) -> None:
    refused = post(api, "seed", {"people": [{"key": "Li"}]}, status=400)
    assert refused["code"] == "seed_file_invalid"
    assert "people.0.key" in refused["facts"]["mistakes"]


REFUSED = [
    ("people.1", "phone: 12", "people.1.phone: "),
    ("people.1", "pin: '111111'", "people.1.pin: "),
    ("people.1", "password: short", "people.1.password: "),
    ("people.1", "id_number: '330106199002141230'", "people.1.id_number: "),
    ("people.1", f"id_number: '{identity_number('33010620200214123')}'", "people.1.id_number: "),
    ("shops.0", "public_key: rubbish", "shops.0.public_key: "),
    ("shops.0", "notify_url: 'ftp://a'", "shops.0.notify_url: "),
    ("shops.0", "city: 杭州", "shops.0.city: "),
]


@pytest.mark.parametrize(("where", "wrong", "mistake"), REFUSED)
def test_what_the_product_refuses_of_a_seed_is_named_and_nothing_is_there(
    api: APIClient, where: str, wrong: str, mistake: str
) -> None:
    extra = {where: f", {wrong}"}
    text = (
        "people:\n- {key: mei, name: Mei, balance: 5.00}\n"
        f"- {{key: wang, name: Wang{extra.get('people.1', '')}}}\n"
        f"shops:\n- {{key: books, name: Books{extra.get('shops.0', '')}}}"
    )
    post(api, "seed", {"yaml": WORLD})
    before = api.get("/lab/api/world").json()
    refused = post(api, "seed", {"yaml": text}, status=400)
    assert refused["code"] == "seed_file_invalid"
    assert mistake in refused["facts"]["mistakes"], refused
    assert refused["facts"]["mistakes"].startswith("line ")
    assert api.get("/lab/api/world").json() == before
    assert post(api, "reset")["now"] == before["now"]
    assert api.get("/lab/api/world").json() == before
    snapshots.drop("seeded")


@pytest.mark.parametrize(
    "body",
    [[], [1], {"yaml": 1}, {"yaml": WORLD, "people": []}, {"yaml": WORLD, "keep": "perhaps"}, "x"],
)
def test_a_body_that_is_no_seed_is_refused(api: APIClient, body: Any) -> None:
    answer = api.post("/lab/api/seed", body, format="json")
    assert answer.status_code == 400, answer.content


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        ("people: [{key: li, name: \xe9}]\n".encode("latin-1"), "line 1: not UTF-8"),
        (None, "No such"),
    ],
)
def test_the_command_says_what_is_wrong_with_a_file(
    tmp_path: Path, raw: bytes | None, message: str
) -> None:
    path = tmp_path / "seed.yaml"
    if raw is not None:
        path.write_bytes(raw)
    with pytest.raises(WorldRefuses, match=message):
        seed_text(path)


def test_a_world_that_is_not_yet_seeded_says_so(api: APIClient) -> None:
    answer = api.get("/lab/api/world")
    assert (answer.status_code, answer.json()["code"]) == (503, "world_not_seeded")


def test_has_a_document_of_its_own_and_no_place_in_the_products(api: APIClient) -> None:
    paths = api.get("/lab/api/schema/", headers={"accept": "application/json"}).json()["paths"]
    assert "/lab/api/clock/advance" in paths
    assert api.get("/lab/api/docs/").status_code == 200
    whole = api.get("/api/schema/", headers={"accept": "application/json"}).json()["paths"]
    assert not [path for path in whole if path.startswith("/lab")]


def test_does_not_exist_outside_a_lab(api: APIClient, settings: Settings) -> None:
    settings.LAB_MODE = False
    for path in ("clock", "world", "snapshots", "schema/", "docs/"):
        assert api.get(f"/lab/api/{path}").status_code == 404
    assert api.post("/lab/api/reset", {}, format="json").status_code == 404
