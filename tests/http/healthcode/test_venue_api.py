"""Venues over HTTP: companions, cards, screens, guards' phones with keys of their own."""

import json
from typing import Any

import pytest
from rest_framework.test import APIClient

from config.kernel import clock
from healthcode.codec import cose
from healthcode.codec.jws import encoded
from healthcode.codec.keys import to_jwk
from healthcode.verification.authentication import signed_text
from healthcode.verification.models import AccessLogEntry, CheckIn
from healthcode.verification.queries import code_of
from healthcode.verification.usecases.register_terminal import invite_terminal
from healthcode.verification.usecases.register_venue import rotate_venue_code
from healthcode.verification.values import TerminalMode
from tests.factories import families
from tests.factories.certificates import ec_key
from tests.factories.health import Gate, Phone, make_gate, make_person, make_phone

pytestmark = pytest.mark.django_db(transaction=True)
VERIFY = "/api/v1/health/codes/verify"


@pytest.fixture
def phone() -> Phone:
    """A mother who has declared."""
    phone = make_phone()
    phone.post("declarations", {"identity": families.MOTHER, "symptoms": []})
    return phone


def problem(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def enrolled(gate: Gate) -> str:
    """The id of a guard's phone with a key of its own."""
    word = invite_terminal(
        venue_id=gate.venue.id, label="Ann", mode=TerminalMode.PHONE, actor="operator:desk"
    )
    body = {"invitation": word, "public_key": to_jwk(ec_key("guard").public_key())}
    answer = APIClient().post("/api/v1/health/terminals", body, format="json")
    assert (answer.status_code, answer.json()["mode"]) == (201, "PHONE")
    return str(answer.json()["terminal_id"])


def signed(terminal: str, body: Any, *, key: str = "guard", skew_s: int = 0) -> Any:
    """POST a body to be verified, signed by a terminal's key."""
    data = json.dumps(body)
    seconds = int(clock.now().timestamp()) + skew_s
    made = cose.es256_signer(ec_key(key))(signed_text("POST", VERIFY, seconds, data.encode()))
    header = f"Terminal {terminal}.{seconds}.{encoded(made)}"
    return APIClient().generic(
        "POST", VERIFY, data, content_type="application/json", HTTP_AUTHORIZATION=header
    )


def test_a_guards_phone_verifies_by_its_own_key() -> None:
    gate, person = make_gate(), make_person()
    terminal = enrolled(gate)
    body = {"code": person.code(), "identity_checked": True}
    assert signed(terminal, body).json()["admitted"] is True
    assert CheckIn.objects.get().presence == "IDENTIFIED"


@pytest.mark.parametrize("wrong", [{"key": "other"}, {"skew_s": 91}, {"skew_s": -92}])
def test_another_key_or_an_old_signature_is_a_stranger(wrong: Any) -> None:
    terminal = enrolled(make_gate())
    assert problem(signed(terminal, {"code": "SH1:"}, **wrong)) == (403, "terminal_unregistered")


@pytest.mark.parametrize(
    "credential", ["x.1.y", "x.y.z", f"{'0' * 32}.1.!!", "..", "a" * 300 + ".1.2"]
)
def test_a_signature_that_is_none_is_a_stranger(credential: str) -> None:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Terminal {credential}")
    answer = client.post(VERIFY, {"code": "SH1:"}, format="json")
    assert problem(answer) == (403, "terminal_unregistered")


def test_an_invitation_that_is_none_is_gone() -> None:
    body = {"invitation": "ABCDEF123456", "public_key": to_jwk(ec_key("guard").public_key())}
    answer = APIClient().post("/api/v1/health/terminals", body, format="json")
    assert problem(answer) == (410, "invite_invalid")


def test_a_card_is_judged_like_a_code() -> None:
    gate = make_gate()
    body = {"document_type": "20", "document_number": make_person().identity.document_number}
    answer = gate.client().post("/api/v1/health/cards/verify", body, format="json").json()
    assert (answer["verdict"], answer["colour"], answer["kind"]) == ("ADMITTED", "GREEN", "CARD")
    wrong = {"document_type": "10", "document_number": "123456"}
    answer = gate.client().post("/api/v1/health/cards/verify", wrong, format="json")
    assert problem(answer) == (400, "document_invalid")


def test_the_screen_at_the_door_shows_the_code_and_how_many_are_inside(phone: Phone) -> None:
    gate = make_gate(capacity=5, rotate_every_min=10)
    phone.post("venue-checkins", {"venue_code": code_of(gate.venue)})
    shown = gate.client().get("/api/v1/health/venues/current").json()
    assert shown["venue_code"] == code_of(gate.venue)
    assert (shown["inside"], shown["seen_inside"], shown["capacity"]) == (1, 0, 5)
    assert shown["changes_at"]
    assert shown["svg"].startswith("<svg")


def test_companions_are_checked_in_for_dependents_alone(phone: Phone) -> None:
    wall, child = code_of(make_gate().venue), families.granted(phone)
    answer = phone.post("venue-checkins", {"venue_code": wall, "companions": [child]}).json()
    assert (answer["companions"], answer["presence"]) == (1, "CLAIMED")
    methods = CheckIn.objects.values_list("method", "presence")
    assert sorted(methods) == [("COMPANION", "CLAIMED"), ("SELF", "CLAIMED")]
    stranger = {"venue_code": wall, "companions": [str(make_person().subject_id)]}
    assert problem(phone.post("venue-checkins", stranger)) == (403, "guardianship_missing")
    many = {"venue_code": wall, "companions": [child] * 6}
    assert phone.post("venue-checkins", many).status_code == 400


def test_a_refused_scan_is_in_the_persons_own_log(phone: Phone) -> None:
    venue = make_gate().venue
    old = code_of(venue)
    rotate_venue_code(venue_id=venue.id)
    assert problem(phone.post("venue-checkins", {"venue_code": old})) == (
        410, "venue_code_outdated",
    )  # fmt: skip
    entry = AccessLogEntry.objects.get()
    assert (entry.outcome, entry.facts) == ("REFUSED", {"code": "venue_code_outdated"})
    assert phone.get("access-log").json()["results"][0]["outcome"] == "REFUSED"
