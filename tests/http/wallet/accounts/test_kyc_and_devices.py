"""/kyc, /kyc/applications, /devices."""

import base64
from typing import Any
from uuid import UUID

import pytest
from rest_framework.test import APIClient

from config.kernel.idempotency.models import IdempotencyRecord
from tests.factories.accounts import client_of, id_number, make_user, post
from tests.factories.clock import advance
from wallet.accounts import queries

pytestmark = pytest.mark.django_db
APPLICATION = {"tier": 1, "legal_name": "Li Hua", "id_number": id_number()}


@pytest.fixture
def newcomer() -> APIClient:
    return client_of(make_user(kyc_tier=0))


def test_goes_from_none_to_the_tier(newcomer: APIClient) -> None:
    assert newcomer.get("/api/v1/kyc").json()["state"] == "NONE"
    answer = post(newcomer, "kyc/applications", APPLICATION)
    assert (answer.status_code, answer.json()["state"]) == (201, "PENDING")
    assert newcomer.get("/api/v1/kyc").json()["state"] == "PENDING"
    advance(seconds=3)
    body = newcomer.get("/api/v1/kyc").json()
    assert (body["state"], body["tier"], body["limits"]["remaining"]) == ("L1", 1, "1000.00")


def test_tells_why_it_was_rejected(newcomer: APIClient) -> None:
    child = {**APPLICATION, "id_number": id_number("20201231")}
    made = post(newcomer, "kyc/applications", child).json()
    advance(seconds=3)
    body = newcomer.get(f"/api/v1/kyc/applications/{made['application_id']}").json()
    assert (body["state"], body["code"], body["reason"]) == (
        "REJECTED",
        "kyc_rejected",
        "under_age",
    )


def test_shows_no_identity_number(newcomer: APIClient) -> None:
    post(newcomer, "kyc/applications", APPLICATION)
    text = newcomer.get("/api/v1/kyc/applications").content.decode()
    assert id_number() not in text
    assert "110*************" in text


def test_the_same_key_gives_the_application_again(newcomer: APIClient) -> None:
    first = post(newcomer, "kyc/applications", APPLICATION, key="a1")
    again = post(newcomer, "kyc/applications", APPLICATION, key="a1")
    assert again.json() == first.json()
    assert again.headers["Idempotency-Replayed"] == "true"


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"tier": 4}, 400, "invalid_request"),
        ({"tier": "two"}, 400, "invalid_request"),
        ({"tier": 10**40}, 400, "invalid_request"),
        ({"id_number": "110105194912310021"}, 400, "identity_invalid"),
        ({"id_number": "1"}, 400, "invalid_request"),
        ({"legal_name": ""}, 400, "invalid_request"),
        ({"note": "please"}, 400, "unknown_field"),
    ],
)
def test_refuses_a_bad_application(
    newcomer: APIClient, change: dict[str, Any], status: int, code: str
) -> None:
    answer = post(newcomer, "kyc/applications", {**APPLICATION, **change})
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_a_second_application_and_a_held_tier_are_409(
    newcomer: APIClient, client: APIClient
) -> None:
    post(newcomer, "kyc/applications", APPLICATION)
    other = post(newcomer, "kyc/applications", {**APPLICATION, "tier": 2})
    assert (other.status_code, other.json()["code"]) == (409, "application_pending")
    held = post(client, "kyc/applications", APPLICATION)
    assert (held.status_code, held.json()["code"]) == (409, "tier_held")


def test_somebody_elses_application_is_404(newcomer: APIClient, client: APIClient) -> None:
    made = post(newcomer, "kyc/applications", APPLICATION).json()
    assert client.get(f"/api/v1/kyc/applications/{made['application_id']}").status_code == 404


def test_registers_a_phone_and_gives_its_key_once(client: APIClient) -> None:
    made = post(client, "devices", {"label": "my phone"}).json()
    key = base64.urlsafe_b64decode(made["key"] + "=")
    assert key == queries.device_key(UUID(made["device_id"]), 1)
    shown = client.get(f"/api/v1/devices/{made['device_id']}")
    assert "key" not in shown.json()
    assert made["key"] not in client.get("/api/v1/devices").content.decode()


def test_the_same_request_key_gives_the_key_again_and_stores_it_nowhere(
    client: APIClient,
) -> None:
    first = post(client, "devices", {"label": "my phone"}, key="d1")
    again = post(client, "devices", {"label": "my phone"}, key="d1")
    assert again.json() == first.json()
    assert not IdempotencyRecord.objects.exists()


def test_revokes_a_phone(client: APIClient) -> None:
    made = post(client, "devices", {"label": "my phone"}).json()
    for _ in range(2):
        assert client.delete(f"/api/v1/devices/{made['device_id']}").status_code == 204
    assert client.get("/api/v1/devices").json()["results"] == []


def test_the_eleventh_phone_is_422(client: APIClient) -> None:
    answers = [post(client, "devices", {"label": f"phone {n}"}) for n in range(11)]
    assert [answer.status_code for answer in answers] == [201] * 10 + [422]


def test_somebody_elses_phone_is_404(client: APIClient, newcomer: APIClient) -> None:
    made = post(client, "devices", {"label": "my phone"}).json()
    path = f"/api/v1/devices/{made['device_id']}"
    assert newcomer.get(path).status_code == 404
    assert newcomer.delete(path).status_code == 404


@pytest.mark.parametrize("body", [{}, {"label": ""}, {"label": "x" * 65}, {"label": "a", "x": 1}])
def test_refuses_a_bad_device(client: APIClient, body: dict[str, Any]) -> None:
    assert post(client, "devices", body).status_code == 400
