"""/wallet and everything under it."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from pytest_django import Settings
from rest_framework.test import APIClient

from config.kernel import clock
from tests.factories.accounts import PIN, client_of, fund, make_user, post
from tests.factories.clock import advance
from tests.factories.ledger import bank, move
from wallet.accounts.models import Topup, WalletUser, Withdrawal
from wallet.accounts.usecases.freeze_user import freeze_user
from wallet.ledger.usecases.post_journals import post_journal

pytestmark = pytest.mark.django_db


def test_shows_balance_and_limits(client: APIClient, user: WalletUser) -> None:
    body = client.get("/api/v1/wallet").json()
    limits = body.pop("limits")
    assert body == {
        "user_id": user.user_number,
        "state": "ACTIVE",
        "currency": "CNY",
        "available": "500.00",
        "held": "0.00",
        "posted": "500.00",
    }
    assert (limits["lifetime"], limits["yearly"]) == (None, "100000.00")
    assert limits["remaining"] == "100000.00"


def test_tops_up_through_the_bank(client: APIClient) -> None:
    answer = post(client, "wallet/topups", {"amount": "25.50"}, key="k1")
    assert (answer.status_code, answer.json()["state"]) == (201, "CREATED")
    advance(seconds=3)
    path = f"/api/v1/wallet/topups/{answer.json()['topup_id']}"
    body = client.get(path).json()
    assert (body["state"], body["amount"], body["currency"]) == ("SUCCEEDED", "25.50", "CNY")
    assert client.get("/api/v1/wallet").json()["available"] == "525.50"


def test_the_same_key_gives_the_topup_again(client: APIClient) -> None:
    first = post(client, "wallet/topups", {"amount": "25.50"}, key="k1")
    again = post(client, "wallet/topups", {"amount": "25.50"}, key="k1")
    assert again.json() == first.json()
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Idempotency-Replayed"] == "true"


def test_the_same_key_with_another_body_is_409(client: APIClient) -> None:
    post(client, "wallet/topups", {"amount": "25.50"}, key="k1")
    answer = post(client, "wallet/topups", {"amount": "25.51"}, key="k1")
    assert (answer.status_code, answer.json()["code"]) == (409, "idempotency_conflict")


def test_without_a_key_every_post_is_its_own(client: APIClient, user: WalletUser) -> None:
    before = Topup.objects.filter(user=user).count()
    for _ in range(2):
        post(client, "wallet/topups", {"amount": "25.50"})
    assert Topup.objects.filter(user=user).count() == before + 2


@pytest.mark.parametrize("key", ["", " ", "a b", "ü", "x" * 256])
def test_a_malformed_key_is_400(client: APIClient, key: str) -> None:
    answer = post(client, "wallet/topups", {"amount": "25.50"}, key=key)
    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency_key_invalid")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        pytest.param({"amount": "0"}, "amount_invalid", id="zero"),
        pytest.param({"amount": "0.00"}, "amount_invalid", id="zero with decimals"),
        pytest.param({"amount": "-1.00"}, "amount_invalid", id="negative"),
        pytest.param({"amount": "1.001"}, "amount_precision", id="three decimals"),
        pytest.param({"amount": "1e3"}, "amount_invalid", id="exponent"),
        pytest.param({"amount": "١٢"}, "amount_invalid", id="Arabic digits"),
        pytest.param({"amount": "NaN"}, "amount_invalid", id="not a number"),
        pytest.param({"amount": "1,00"}, "amount_invalid", id="comma"),
        pytest.param({"amount": "9" * 400}, "amount_invalid", id="400 digits"),
        pytest.param({"amount": 12.5}, "invalid_request", id="a JSON number"),
        pytest.param({"amount": None}, "invalid_request", id="null"),
        pytest.param({}, "invalid_request", id="nothing"),
        pytest.param({"amount": "1.00", "currency": "USD"}, "invalid_request", id="dollars"),
        pytest.param({"amount": "1.00", "currency": 156}, "invalid_request", id="number as code"),
        pytest.param({"amount": "1.00", "tip": "1.00"}, "unknown_field", id="a field too many"),
        pytest.param([], "invalid_request", id="a list"),
        pytest.param("1.00", "invalid_request", id="a text"),
        pytest.param(None, "invalid_request", id="null as body"),
    ],
)
def test_refuses_a_bad_amount(client: APIClient, body: Any, code: str) -> None:
    answer = post(client, "wallet/topups", body)
    assert (answer.status_code, answer.json()["code"]) == (400, code)


def test_above_the_maximum_is_422(client: APIClient) -> None:
    answer = post(client, "wallet/topups", {"amount": "50000.01"})
    assert (answer.status_code, answer.json()["code"]) == (422, "limit_exceeded")


def test_an_unverified_customer_is_422() -> None:
    answer = post(client_of(make_user(kyc_tier=0)), "wallet/topups", {"amount": "1.00"})
    assert (answer.status_code, answer.json()["code"]) == (422, "kyc_required")


def test_a_frozen_customer_is_423_and_can_look(client: APIClient, user: WalletUser) -> None:
    freeze_user(user_id=user.id, actor="operator:wu", reason="stolen phone")
    answer = post(client, "wallet/topups", {"amount": "1.00"})
    assert (answer.status_code, answer.json()["code"]) == (423, "account_frozen")
    assert client.get("/api/v1/wallet").json()["state"] == "FROZEN"


def test_withdraws_to_the_bank(client: APIClient) -> None:
    body = {"amount": "200.00", "pin": PIN}
    answer = post(client, "wallet/withdrawals", body, key="w1")
    assert (answer.status_code, answer.json()["state"]) == (201, "SUBMITTED")
    again = post(client, "wallet/withdrawals", body, key="w1")
    assert again.headers["Idempotency-Replayed"] == "true"
    advance(seconds=3)
    path = f"/api/v1/wallet/withdrawals/{answer.json()['withdrawal_id']}"
    assert client.get(path).json()["state"] == "PAID"
    assert client.get("/api/v1/wallet").json()["available"] == "300.00"


@pytest.mark.django_db(transaction=True)
def test_more_than_there_is_is_422_and_leaves_nothing(client: APIClient) -> None:
    answer = post(client, "wallet/withdrawals", {"amount": "500.01", "pin": PIN})
    assert (answer.status_code, answer.json()["code"]) == (422, "insufficient_funds")
    assert not Withdrawal.objects.exists()


def test_the_fifth_wrong_pin_is_423(client: APIClient) -> None:
    body = {"amount": "1.00", "pin": "864200"}
    answers = [post(client, "wallet/withdrawals", body, key=f"w{n}") for n in range(5)]
    assert [answer.status_code for answer in answers] == [422, 422, 422, 422, 423]
    assert answers[0].json()["facts"] == {"tries_left": "4"}
    assert answers[4].json()["code"] == "pin_locked"


@pytest.mark.parametrize("kind", ["topups", "withdrawals"])
@pytest.mark.parametrize("name", ["00000000-0000-0000-0000-000000000000", "1", "%00", "x" * 300])
def test_what_is_not_mine_or_not_there_is_404(client: APIClient, kind: str, name: str) -> None:
    assert client.get(f"/api/v1/wallet/{kind}/{name}").status_code in {400, 404}


def test_somebody_elses_topup_is_404(client: APIClient) -> None:
    stranger = client_of(make_user())
    theirs = post(stranger, "wallet/topups", {"amount": "1.00"}).json()["topup_id"]
    assert client.get(f"/api/v1/wallet/topups/{theirs}").status_code == 404


def test_lists_topups_in_pages_newest_first(client: APIClient) -> None:
    for n in range(3):
        post(client, "wallet/topups", {"amount": f"{n + 1}.00"})
    first = client.get("/api/v1/wallet/topups?page_size=2").json()
    assert [row["amount"] for row in first["results"]] == ["3.00", "2.00"]
    rest = client.get(first["next"]).json()
    assert [row["amount"] for row in rest["results"]] == ["1.00", "500.00"]


def test_lists_withdrawals(client: APIClient) -> None:
    post(client, "wallet/withdrawals", {"amount": "1.00", "pin": PIN})
    (row,) = client.get("/api/v1/wallet/withdrawals").json()["results"]
    assert row["amount"] == "1.00"


def test_reads_the_statement_in_pages(client: APIClient, user: WalletUser) -> None:
    fund(user, 25_50)
    post(client, "wallet/withdrawals", {"amount": "100.00", "pin": PIN})
    first = client.get("/api/v1/wallet/statement?limit=2").json()
    assert [(e["amount"], e["balance_after"]) for e in first["entries"]] == [
        ("-100.00", "425.50"),
        ("25.50", "525.50"),
    ]
    assert all(e["value_at"] == e["posted_at"] for e in first["entries"])
    rest = client.get(f"/api/v1/wallet/statement?limit=2&after={first['next']}").json()
    assert [e["amount"] for e in rest["entries"]] == ["500.00"]
    assert rest["next"] is None


def test_the_statement_tells_from_when_an_entry_counts(client: APIClient, user: WalletUser) -> None:
    ahead = clock.now() + timedelta(days=1)
    coming = move(bank(), user.available_account_id, 5_00)
    post_journal(coming._replace(posted_at=clock.now(), value_at=ahead))
    (entry, *_) = client.get("/api/v1/wallet/statement").json()["entries"]
    assert (entry["amount"], datetime.fromisoformat(entry["value_at"])) == ("5.00", ahead)
    assert entry["posted_at"] < entry["value_at"]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("limit=0", "invalid_request"),
        ("limit=101", "invalid_request"),
        ("limit=" + "9" * 5000, "invalid_request"),
        ("limit=ten", "invalid_request"),
        ("after=nonsense", "bad_cursor"),
        ("after=%ff%fe", "bad_cursor"),
        ("page=2", "unknown_field"),
    ],
)
def test_refuses_a_bad_part_of_the_statement(client: APIClient, query: str, code: str) -> None:
    answer = client.get(f"/api/v1/wallet/statement?{query}")
    assert (answer.status_code, answer.json()["code"]) == (400, code)


def test_the_callers_address_is_what_our_proxy_saw(
    anybody: APIClient, user: WalletUser, settings: Settings
) -> None:
    settings.SAOMA_TRUSTED_PROXIES = ["127.0.0.1"]
    for n in range(30):
        body = {"phone": f"139{n:08}", "password": "wrong guess"}
        headers = {"X-Forwarded-For": f"10.0.0.{n}, 203.0.113.9"}
        anybody.post("/api/v1/sessions", body, format="json", headers=headers)
    answer = anybody.post("/api/v1/sessions", body, format="json", headers=headers)
    assert answer.status_code == 429
    other = {"X-Forwarded-For": "203.0.113.9, 203.0.113.10"}
    answer = anybody.post("/api/v1/sessions", body, format="json", headers=other)
    assert answer.status_code == 401
