"""POST /users, /me, /password, /pin."""

from typing import Any

import pytest
from pytest_django.fixtures import Settings
from rest_framework.test import APIClient

from tests.factories.accounts import PASSWORD, PIN, client_of, make_user, post
from wallet.accounts.models import WalletUser
from wallet.accounts.queries import messages_to

pytestmark = pytest.mark.django_db
NEW = {"phone": "138 0013 8001", "name": "Wang Fang", "password": PASSWORD, "pin": PIN}


def test_registers_and_shows_what_the_customer_may_see(anybody: APIClient) -> None:
    answer = post(anybody, "users", NEW)
    assert answer.status_code == 201
    body = answer.json()
    assert body.pop("user_id").startswith("2088")
    assert body.pop("created_at")
    assert body == {
        "phone": "+8613800138001",
        "name": "Wang Fang",
        "zone": "Asia/Shanghai",
        "refunds_to_bank": False,
        "state": "ACTIVE",
        "kyc_tier": 0,
        "kyc_state": "NONE",
    }


def test_the_same_key_answers_again_with_the_first_user(anybody: APIClient) -> None:
    first = post(anybody, "users", NEW, key="k1")
    again = post(anybody, "users", NEW, key="k1")
    assert again.json() == first.json()
    assert again.headers["Idempotency-Replayed"] == "true"
    assert WalletUser.objects.count() == 1


def test_without_a_key_the_number_is_taken(anybody: APIClient) -> None:
    post(anybody, "users", NEW)
    answer = post(anybody, "users", NEW)
    assert (answer.status_code, answer.json()["code"]) == (409, "phone_taken")


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        pytest.param({"phone": "12345"}, "phone_invalid", "phone", id="phone"),
        pytest.param({"pin": "123456"}, "pin_weak", "pin", id="weak PIN"),
        pytest.param({"pin": "12345"}, "invalid_request", "pin", id="short PIN"),
        pytest.param({"password": "x" * 8}, "password_weak", "password", id="weak password"),
        pytest.param({"password": "short"}, "invalid_request", "password", id="short password"),
        pytest.param({"name": ""}, "invalid_request", "name", id="no name"),
        pytest.param({"name": None}, "invalid_request", "name", id="null"),
        pytest.param({"name": {"first": "W"}}, "invalid_request", "name", id="an object"),
        pytest.param({"admin": True}, "unknown_field", "admin", id="a field too many"),
    ],
)
def test_names_the_field_that_is_wrong(
    anybody: APIClient, change: dict[str, Any], code: str, field: str
) -> None:
    answer = post(anybody, "users", {**NEW, **change})
    problem = answer.json()
    assert (answer.status_code, problem["code"], problem["field"]) == (400, code, field)
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert not WalletUser.objects.exists()


def test_shows_me(client: APIClient, user: WalletUser) -> None:
    body = client.get("/api/v1/me").json()
    assert (body["user_id"], body["kyc_state"]) == (user.user_number, "L2")


def test_never_shows_a_hash(client: APIClient) -> None:
    text = client.get("/api/v1/me").content.decode()
    assert "argon2" not in text
    assert "hash" not in text


def test_changes_name_and_zone(client: APIClient) -> None:
    answer = client.patch("/api/v1/me", {"zone": "Europe/Paris"}, format="json")
    assert (answer.status_code, answer.json()["zone"]) == (200, "Europe/Paris")
    assert client.get("/api/v1/me").json()["name"] == "Li Hua"


@pytest.mark.parametrize(
    ("change", "code"),
    [({"zone": "Nowhere"}, "zone_unknown"), ({"phone": "13900139000"}, "unknown_field")],
)
def test_refuses_a_wrong_change(client: APIClient, change: dict[str, str], code: str) -> None:
    answer = client.patch("/api/v1/me", change, format="json")
    assert (answer.status_code, answer.json()["code"]) == (400, code)


def test_changes_the_password_and_ends_other_sessions(client: APIClient, user: WalletUser) -> None:
    other = post(APIClient(), "sessions", {"phone": user.phone, "password": PASSWORD})
    body = {"password": PASSWORD, "new_password": "another long password"}
    assert client.put("/api/v1/password", body, format="json").status_code == 204
    assert client.get("/api/v1/me").status_code == 200
    stranger = APIClient(headers={"Authorization": f"Bearer {other.json()['token']}"})
    assert stranger.get("/api/v1/me").status_code == 401


def test_a_wrong_password_sets_no_pin(client: APIClient) -> None:
    body = {"password": "wrong guess", "pin": "246813"}
    answer = client.put("/api/v1/pin", body, format="json")
    assert (answer.status_code, answer.json()["code"]) == (422, "password_wrong")


def test_sets_a_pin(client: APIClient) -> None:
    body = {"password": PASSWORD, "pin": "246813"}
    assert client.put("/api/v1/pin", body, format="json").status_code == 204
    withdrawal = {"amount": "1.00", "pin": "246813"}
    assert post(client, "wallet/withdrawals", withdrawal).status_code == 201


def test_a_forgotten_password_is_set_by_a_code_on_the_phone(anybody: APIClient) -> None:
    user = make_user(kyc_tier=0)
    asked = post(anybody, "phone-codes", {"phone": user.phone, "purpose": "RESET"})
    assert asked.status_code == 202
    text = messages_to(user.phone)[0].text
    code = "".join(letter for letter in text if letter.isdigit())
    new = {"phone": user.phone, "code": code, "password": "another long password"}
    assert post(anybody, "password/reset", new).status_code == 204
    login = {"phone": user.phone, "password": new["password"]}
    assert post(anybody, "sessions", login).status_code == 201
    again = post(anybody, "password/reset", new)
    assert (again.status_code, again.json()["code"]) == (422, "phone_code_wrong")


def test_an_empty_account_is_closed_over_the_api() -> None:
    user = make_user(kyc_tier=0)
    answer = post(client_of(user), "me/close", {"pin": PIN})
    assert (answer.status_code, answer.json()["state"]) == (200, "CLOSED")


def test_a_repeated_registration_is_answered_whatever_the_limit_says(
    anybody: APIClient, settings: Settings
) -> None:
    settings.SAOMA_REGISTRATIONS_HOURLY = 1
    body = {"phone": "13900005555", "name": "Li", "password": PASSWORD, "pin": PIN}
    first = post(anybody, "users", body, key="r1")
    assert post(anybody, "users", body, key="r1").json() == first.json()
    other = post(anybody, "users", {**body, "phone": "13900006666"}, key="r2")
    assert (other.status_code, other.json()["code"]) == (429, "too_many_registrations")
