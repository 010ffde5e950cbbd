"""/sessions: tokens, their list, their end, and what is refused without them."""

import pytest
from rest_framework.test import APIClient

from tests.factories.accounts import PASSWORD, client_of, make_user, post
from tests.factories.clock import advance
from wallet.accounts.models import WalletUser

pytestmark = pytest.mark.django_db


def with_header(value: str) -> APIClient:
    return APIClient(headers={"Authorization": value})


def test_logs_in_with_a_bearer_token(anybody: APIClient, user: WalletUser) -> None:
    body = {"phone": "138 0013 8000", "password": PASSWORD, "label": "my phone"}
    answer = post(anybody, "sessions", body)
    assert answer.status_code == 201
    opened = answer.json()
    assert (opened["token_type"], opened["label"]) == ("Bearer", "my phone")
    assert opened["user"]["user_id"] == user.user_number
    assert with_header(f"Bearer {opened['token']}").get("/api/v1/me").status_code == 200


@pytest.mark.parametrize("phone", ["13800138000", "13900139000"])
def test_a_wrong_login_is_401_whoever_asks(
    anybody: APIClient, user: WalletUser, phone: str
) -> None:
    answer = post(anybody, "sessions", {"phone": phone, "password": "wrong guess"})
    assert (answer.status_code, answer.json()["code"]) == (401, "login_failed")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_the_fifth_wrong_password_is_423(anybody: APIClient, user: WalletUser) -> None:
    body = {"phone": user.phone, "password": "wrong guess"}
    statuses = [post(anybody, "sessions", body).status_code for _ in range(6)]
    assert statuses == [401, 401, 401, 401, 423, 423]


def test_too_many_wrong_logins_from_one_address_are_429(anybody: APIClient) -> None:
    for number in range(30):
        post(anybody, "sessions", {"phone": f"139{number:08}", "password": "wrong guess"})
    answer = post(anybody, "sessions", {"phone": "13700137000", "password": "wrong guess"})
    assert (answer.status_code, answer.json()["code"]) == (429, "too_many_logins")
    assert int(answer.headers["Retry-After"]) > 800


@pytest.mark.parametrize(
    "header",
    [
        "Bearer nothing",
        "Bearer ",
        "Bearer",
        "Basic bGk6aHVh",
        "saoma_abc",
        "Bearer saoma_x y",
        "Bearer \udcff",
    ],
)
def test_a_header_that_opens_nothing_is_401(header: str) -> None:
    answer = with_header(header).get("/api/v1/me")
    assert (answer.status_code, answer.json()["code"]) == (401, "token_invalid")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_no_header_is_401_with_a_challenge(anybody: APIClient) -> None:
    answer = anybody.get("/api/v1/me")
    assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_lists_my_sessions_without_their_tokens(client: APIClient, user: WalletUser) -> None:
    client_of(make_user())
    client_of(user)
    answer = client.get("/api/v1/sessions")
    assert len(answer.json()["results"]) == 2
    assert "token" not in answer.content.decode()


def test_logging_out_ends_the_token(client: APIClient) -> None:
    assert client.delete("/api/v1/sessions/current").status_code == 204
    assert client.get("/api/v1/me").status_code == 401


def test_ends_another_of_my_sessions(client: APIClient, user: WalletUser) -> None:
    other = client_of(user)
    newest = client.get("/api/v1/sessions").json()["results"][0]["session_id"]
    assert client.delete(f"/api/v1/sessions/{newest}").status_code == 204
    assert other.get("/api/v1/me").status_code == 401
    assert client.get("/api/v1/me").status_code == 200


def test_somebody_elses_session_is_404(client: APIClient) -> None:
    stranger = client_of(make_user())
    theirs = stranger.get("/api/v1/sessions").json()["results"][0]["session_id"]
    assert client.delete(f"/api/v1/sessions/{theirs}").status_code == 404
    assert stranger.get("/api/v1/me").status_code == 200


def test_a_token_expires(client: APIClient) -> None:
    advance(days=30)
    assert client.get("/api/v1/me").status_code == 401
