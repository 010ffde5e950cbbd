"""The authorisations API as a phone uses it."""

import uuid

import pytest

from tests.factories.accounts import PIN, client_of, make_user, post
from tests.factories.authorisations import agreed, asking, capture, freeze, make_trusted
from tests.factories.payments import Shop
from wallet.authorisations.usecases.request_hold import request_hold

pytestmark = pytest.mark.django_db


def test_phone_sees_what_waits_and_agrees() -> None:
    guest = make_user(balance_minor=1_000_00)
    client = client_of(guest)
    asked = request_hold(request=asking(Shop()), payer_id=guest.id).authorisation
    [listed] = client.get("/api/v1/authorisations").json()["results"]
    assert (listed["status"], listed["asked"], listed["held"]) == ("INIT", "800.00", "0.00")
    path = f"authorisations/{asked.id}"
    done = post(client, f"{path}/confirm", {"pin": PIN}, "k1")
    assert (done.status_code, done.json()["held"]) == (200, "800.00")
    again = post(client, f"{path}/confirm", {"pin": PIN}, "k2")
    assert again.headers["Idempotency-Replayed"] == "true"
    [made] = client.get(f"/api/v1/{path}").json()["operations"]
    assert (made["kind"], made["status"], made["funds"]) == ("FREEZE", "SUCCESS", "800.00")


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({}, 400, "invalid_request"),
        ({"pin": "12345"}, 400, "invalid_request"),
        ({"pin": "000000"}, 422, "pin_wrong"),
        ({"pin": PIN, "amount": "1.00"}, 400, "unknown_field"),
    ],
)
def test_bad_answers_are_refused(body: dict[str, str], status: int, code: str) -> None:
    guest = make_user(balance_minor=1_000_00)
    asked = request_hold(request=asking(Shop()), payer_id=guest.id).authorisation
    told = post(client_of(guest), f"authorisations/{asked.id}/confirm", body, "k1")
    assert (told.status_code, told.json()["code"]) == (status, code)


def test_phone_refuses() -> None:
    guest = make_user()
    asked = request_hold(request=asking(Shop()), payer_id=guest.id).authorisation
    told = post(client_of(guest), f"authorisations/{asked.id}/refuse", {}, "k1").json()
    assert (told["status"], told["close_reason"]) == ("CLOSED", "REFUSED_BY_PAYER")


def test_others_authorisations_are_not_found() -> None:
    given = agreed(Shop(), make_user(balance_minor=800_00))
    stranger = client_of(make_user())
    for known in (given.id, uuid.uuid4()):
        told = stranger.get(f"/api/v1/authorisations/{known}")
        assert (told.status_code, told.json()["code"]) == (404, "authorisation_not_found")


def test_trust_is_shown_with_all_its_reasons() -> None:
    told = client_of(make_trusted()).get("/api/v1/trust").json()
    assert (told["points"], told["may_waive"]) == (680, True)
    assert sum(factor["points"] for factor in told["factors"]) == 680


def test_arrears_are_shown() -> None:
    guest, hotel = make_trusted(points=640), Shop()
    capture(hotel, freeze(hotel, guest, 50_00).authorisation, 50_00)
    [owed] = client_of(guest).get("/api/v1/arrears").json()
    assert (owed["amount"], owed["collected"], owed["state"]) == ("50.00", "0.00", "OPEN")
