"""The seven interfaces of GB/T 38963 and what goes with them, over HTTP."""

import base64
import uuid
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from rest_framework.test import APIClient

from config.kernel import clock
from healthcode.codec import cose, sh1
from healthcode.codec.certificates import Trust, verify
from healthcode.codec.keys import to_jwk
from healthcode.evidence.models import Evidence
from healthcode.subjects.models import Subject
from healthcode.verification.models import AccessLogEntry, Verification
from healthcode.verification.queries import code_of
from tests.factories import foreign, reports
from tests.factories.certificates import ec_key
from tests.factories.health import (
    Phone,
    later,
    make_gate,
    make_guardianship,
    make_person,
    make_phone,
    make_risk_area,
    trip,
)
from tests.factories.sources import make_issuer, make_laboratory

pytestmark = pytest.mark.django_db(transaction=True)
IDENTITY = {
    "name": "张三",
    "document_type": "10",
    "document_number": "11010519491231002x",
    "birth_date": "1949-12-31",
}


@pytest.fixture
def phone() -> Phone:
    """A citizen who has declared."""
    phone = make_phone()
    phone.post("declarations", {"identity": IDENTITY, "symptoms": []})
    return phone


def problem(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def test_nobody_has_a_colour_before_declaring() -> None:
    card = make_phone().get("me").json()
    assert (card["colour"], card["shape"], card["subject_id"]) == ("UNKNOWN", "square", None)


def test_a_declaration_answers_the_colour_with_word_shape_and_reason(phone: Phone) -> None:
    card = phone.get("me").json()
    assert (card["colour"], card["shape"], card["symbol"]) == ("GREEN", "circle", "✓")
    assert card["label"] == {"en": "Green", "fr": "Vert", "zh": "绿码"}
    assert card["reasons"][0]["rule"] == "hz-green-declared"
    assert card["reasons"][0]["path"]["fr"]


def test_the_identity_is_kept_sealed(phone: Phone) -> None:
    subject = Subject.objects.get()
    assert "张三".encode() not in bytes(subject.sealed_identity or b"")
    assert IDENTITY["document_number"].upper() not in (subject.pseudonym or "")


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"colour": "GREEN"}, 400, "unknown_field"),
        ({"temperature_tenths": "366"}, 400, "invalid_request"),
        ({"temperature_tenths": 36.6}, 400, "invalid_request"),
        ({"temperature_tenths": 500}, 400, "invalid_request"),
        ({"symptoms": ["broken heart"]}, 400, "invalid_request"),
        ({"contact_with_case": "no"}, 400, "invalid_request"),
        ({"region": "hangzh"}, 400, "invalid_request"),
        ({"identity": {**IDENTITY, "document_number": "1101051949"}}, 400, "document_invalid"),
        ({"identity": {**IDENTITY, "name": 7}}, 400, "invalid_request"),
        ([], 400, "invalid_request"),
    ],
)
def test_a_declaration_that_cannot_be_taken_says_why(body: Any, status: int, code: str) -> None:
    client = make_phone().client
    answer = client.post("/api/v1/health/declarations", body, format="json")
    assert problem(answer) == (status, code)


def test_one_document_has_one_code(phone: Phone) -> None:
    other = make_phone("Wang Wei")
    assert problem(other.post("declarations", {"identity": IDENTITY})) == (409, "document_taken")
    changed = {**IDENTITY, "document_type": "20", "document_number": "E12345678"}
    assert problem(phone.post("declarations", {"identity": changed})) == (409, "identity_fixed")


def test_a_declaration_sent_again_with_its_key_is_taken_once(phone: Phone) -> None:
    for _ in range(2):
        answer = phone.post("declarations", {"symptoms": []}, HTTP_IDEMPOTENCY_KEY="k1")
        assert answer.status_code == 201
    assert answer["Idempotency-Replayed"] == "true"
    assert Evidence.objects.filter(kind="declaration").count() == 2


def test_declaring_for_another_takes_a_guardianship(phone: Phone) -> None:
    child = make_person()
    body = {"symptoms": ["cough"], "subject_id": str(child.subject_id)}
    assert problem(phone.post("declarations", body)) == (403, "guardianship_missing")
    make_guardianship(Subject.objects.exclude(id=child.subject_id).get(), child)
    assert phone.post("declarations", body).json()["colour"] == "YELLOW"
    assert phone.colour() == "GREEN"
    minted = phone.post("codes", {"subject_id": str(child.subject_id)}).json()
    assert minted["colour"] == "YELLOW"


def test_trips_in_the_future_or_overlapping_are_refused(phone: Phone) -> None:
    now = clock.now()
    assert problem(phone.post("trips", trip(now + timedelta(days=1)))) == (422, "from_the_future")
    assert phone.post("trips", trip(now)).status_code == 201
    assert phone.post("trips", trip(now)).status_code == 201
    assert problem(phone.post("trips", trip(now - timedelta(days=1)))) == (422, "trip_overlaps")
    assert phone.post("trips", trip(now - timedelta(days=2))).status_code == 201
    assert problem(phone.post("trips", trip(now - timedelta(days=900)))) == (422, "trip_invalid")
    backwards = {**trip(now), "left_at": trip(now)["arrived_at"]}
    assert problem(phone.post("trips", backwards)) == (422, "trip_invalid")


@pytest.mark.parametrize("path", ["trips", "checkins", "codes", "code-grants", "corrections"])
def test_everything_else_waits_for_a_declaration(path: str) -> None:
    now = clock.now()
    body = {
        "trips": trip(now),
        "code-grants": {"app": "metro", "purpose": "entry"},
        "corrections": {"grounds": "this is not right"},
    }.get(path, {})
    assert problem(make_phone().post(path, body)) == (404, "subject_unknown")


@pytest.mark.parametrize(
    "path",
    ["declarations", "trips", "checkins", "codes", "code-grants", "corrections", "venue-checkins"],
)
def test_strangers_are_asked_who_they_are(path: str) -> None:
    assert problem(APIClient().post(f"/api/v1/health/{path}", {}, format="json")) == (
        401, "unauthenticated",
    )  # fmt: skip


def test_a_code_without_a_device_lives_a_minute(phone: Phone) -> None:
    gate, code = make_gate(), phone.post("codes", {"with_svg": True}).json()
    assert code["svg"].startswith("<svg")
    assert code["refresh_after_s"] <= 60
    assert gate.verify(code["code"]).json()["admitted"] is True
    later(seconds=61)
    assert problem(gate.verify(code["code"])) == (410, "code_expired")


def test_a_pass_is_shown_by_its_own_phone_alone(phone: Phone) -> None:
    gate, device = make_gate(), ec_key("device")
    jwk = to_jwk(device.public_key())
    minted = phone.post("codes", {"device_public_key": jwk, "device_name": "my phone"}).json()
    assert minted["device_id"]
    bare = minted["code"]
    assert problem(gate.verify(bare)) == (422, "code_not_proven")
    pass_bytes = sh1._read(bare)
    shown = sh1.show(pass_bytes, signer=cose.es256_signer(device), shown_at=clock.now())
    assert gate.verify(sh1.text(shown)).json()["admitted"] is True
    stolen = sh1.show(pass_bytes, signer=cose.es256_signer(ec_key()), shown_at=clock.now())
    assert problem(gate.verify(sh1.text(stolen))) == (401, "code_forged")
    later(seconds=91)
    assert problem(gate.verify(sh1.text(shown))) == (410, "code_expired")


@pytest.mark.parametrize(
    "jwk",
    [
        {"kty": "EC", "crv": "P-256", "x": "A" * 43, "y": "A" * 43},
        {"kty": "EC", "crv": "P-384", "x": "A" * 43, "y": "A" * 43},
        {"kty": "EC", "crv": "P-256", "x": 7, "y": "A" * 43},
        {"kty": "EC", "crv": "P-256"},
        "key",
    ],
)
def test_a_device_key_that_is_none_is_refused(phone: Phone, jwk: Any) -> None:
    assert phone.post("codes", {"device_public_key": jwk}).status_code == 400


def test_nobody_has_more_than_five_phones(phone: Phone) -> None:
    keys = [to_jwk(ec.generate_private_key(ec.SECP256R1()).public_key()) for _ in range(6)]
    answers = [phone.post("codes", {"device_public_key": jwk}) for jwk in keys]
    assert [answer.status_code for answer in answers] == [201] * 5 + [422]
    assert phone.post("codes", {"device_public_key": keys[0]}).status_code == 201


@pytest.mark.parametrize(
    ("code", "status", "name"),
    [
        ("hello", 400, "code_unreadable"),
        ("SH1:", 400, "code_unreadable"),
        ("SH1:QED8WEX0", 400, "code_unreadable"),
        ("x" * 5000, 400, "invalid_request"),
    ],
)
def test_what_is_no_code_of_ours_is_refused(code: str, status: int, name: str) -> None:
    assert problem(make_gate().verify(code)) == (status, name)


def test_an_altered_code_is_refused_and_the_attempt_kept(phone: Phone) -> None:
    gate, code = make_gate(), phone.code()
    altered = code[:-5] + ("0" if code[-5] != "0" else "1") + code[-4:]
    assert problem(gate.verify(altered)) == (401, "code_forged")
    assert Verification.objects.get().verdict == "FORGED"


def test_unregistered_terminals_are_turned_away_and_written_down() -> None:
    client = APIClient()
    for credential in ("Terminal x", f"Terminal {uuid.uuid4()}.secret"):
        client.credentials(HTTP_AUTHORIZATION=credential)
        answer = client.post("/api/v1/health/codes/verify", {"code": "SH1:"}, format="json")
        assert problem(answer) == (403, "terminal_unregistered")
    assert Verification.objects.filter(verdict="UNREGISTERED").count() == 2
    client.credentials()
    answer = client.post("/api/v1/health/codes/verify", {"code": "SH1:"}, format="json")
    assert problem(answer) == (401, "unauthenticated")


def test_a_grant_lets_an_app_call_the_code_until_it_ends(phone: Phone) -> None:
    grant = phone.post("code-grants", {"app": "metro", "purpose": "entry", "minutes": 5}).json()
    assert phone.post("codes", {"grant_id": grant["id"]}).status_code == 201
    later(minutes=5)
    assert problem(phone.post("codes", {"grant_id": grant["id"]})) == (404, "grant_unknown")


def test_a_venues_wall_takes_check_ins_and_an_old_photograph_none(phone: Phone) -> None:
    gate = make_gate()
    wall = code_of(gate.venue)
    first = phone.post("venue-checkins", {"venue_code": wall}).json()
    assert (first["venue"], first["method"], first["admitted"]) == ("Library", "SELF", True)
    assert phone.post("venue-checkins", {"venue_code": wall}).json()["at"] == first["at"]
    gate.venue.code_version += 1
    gate.venue.save()
    assert problem(phone.post("venue-checkins", {"venue_code": wall})) == (
        410,
        "venue_code_outdated",
    )
    assert problem(phone.post("venue-checkins", {"venue_code": "SHV1:x"})) == (
        400,
        "venue_code_invalid",
    )
    unknown = f"SHV1:{uuid.uuid4().hex.upper()}:1:{'A' * 16}"
    assert problem(phone.post("venue-checkins", {"venue_code": unknown})) == (404, "venue_unknown")


def test_the_access_log_is_the_persons_own(phone: Phone) -> None:
    make_gate().verify(phone.code())
    assert len(phone.get("access-log").json()["results"]) == 1
    other = make_phone("Wang Wei")
    other.post("declarations", {})
    assert other.get("access-log").json()["results"] == []
    assert AccessLogEntry.objects.get().by == "Library, Gate 1"


def test_the_lists_let_anyone_verify_offline(phone: Phone) -> None:
    code = phone.code()
    trusted = APIClient().get("/api/v1/health/trust-list").json()
    found = verify(code, Trust(jwks=trusted["keys"]), at=clock.now())
    assert found.payload["colour"] == "GREEN"
    assert trusted["jws"].count(".") == 2
    make_risk_area()
    phone.post("trips", trip(clock.now()))
    later(seconds=1)
    denied = APIClient().get("/api/v1/health/deny-list").json()
    assert len(denied["cti_sha256"]) == 1


def test_one_correction_at_a_time(phone: Phone) -> None:
    body = {"grounds": "I have not been there."}
    first = phone.post("corrections", body).json()
    assert phone.post("corrections", body).json()["id"] == first["id"]
    again = {"grounds": "And another thing altogether."}
    assert problem(phone.post("corrections", again)) == (409, "appeal_open")
    assert phone.get("corrections").json()["results"][0]["state"] == "OPEN"


def test_a_correction_points_at_ones_own_evidence(phone: Phone) -> None:
    foreign = Evidence.objects.get(subject_id=make_person().subject_id)
    body = {"grounds": "That is not me at all.", "evidence_id": str(foreign.id)}
    assert problem(phone.post("corrections", body)) == (404, "evidence_unknown")


def test_a_laboratorys_report_is_taken_by_its_signature() -> None:
    person = make_person()
    make_laboratory()
    content = reports.observation(person)
    client = APIClient()
    sent = client.post(
        "/api/v1/health/evidence", {"report": reports.signed(content)}, format="json"
    )
    assert (sent.status_code, sent.json()["state"]) == (201, "VERIFIED")
    for changes, expected in (
        ({"kid": "other"}, (403, "laboratory_unknown")),
        ({"key": "forger"}, (401, "report_forged")),
    ):
        body = {"report": reports.signed(content, **changes)}
        assert problem(client.post("/api/v1/health/evidence", body, format="json")) == expected


def test_a_foreign_certificate_needs_a_trusted_issuer(phone: Phone) -> None:
    body = {"payload": foreign.negative_test()}
    assert problem(phone.post("certificates", body)) == (400, "certificate_refused")
    text = base64.b64encode(foreign.dsc()).decode()
    make_issuer("France", certificate=text)
    assert problem(phone.post("certificates", body)) == (422, "certificate_of_somebody_else")
    own = {"payload": foreign.negative_test(dob="1949-12-31")}
    assert phone.post("certificates", own).json()["colour"] == "GREEN"


def test_a_person_can_be_forgotten(phone: Phone) -> None:
    assert phone.post("erasures", {"confirm": "yes"}).status_code == 400
    assert phone.post("erasures", {"confirm": "ERASE"}).status_code == 204
    assert phone.colour() == "UNKNOWN"


@pytest.mark.parametrize(
    "text", ["张三\u202e四", "\u2066张三", "张\u200b三", "\u3164\u3164\u3164\u3164"]
)
def test_no_name_or_reason_turns_letters_round_or_hides_them(phone: Phone, text: str) -> None:
    stranger = make_phone()
    declared = stranger.post("declarations", {"identity": IDENTITY | {"name": text}})
    named = phone.post("codes", {"device_name": text})
    told = phone.post("corrections", {"grounds": "This is not me at all. " + text})
    for answer, field in ((declared, "identity"), (named, "device_name"), (told, "grounds")):
        assert answer.status_code == 400
        assert field in str(answer.json())
