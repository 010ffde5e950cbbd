"""Guardianships and phones over HTTP."""

import uuid
from datetime import timedelta
from typing import Any

import pytest

from config.kernel import clock
from healthcode.codec.keys import to_jwk
from healthcode.passes.models import Pass
from healthcode.subjects.models import Guardianship, Subject
from healthcode.subjects.usecases.decide_guardianship import approve_guardianship
from tests.factories.certificates import ec_key
from tests.factories.families import CHILD, MOTHER, WISH, granted
from tests.factories.health import Phone, make_guardianship, make_person, make_phone

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def phone() -> Phone:
    """A mother who has declared."""
    phone = make_phone()
    phone.post("declarations", {"identity": MOTHER, "symptoms": []})
    return phone


def problem(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def test_a_wish_is_seen_with_a_hint_of_the_childs_name(phone: Phone) -> None:
    answer = phone.post("guardianships", WISH)
    assert (answer.status_code, answer.json()["state"]) == (201, "REQUESTED")
    listed = phone.get("guardianships").json()
    assert [(row["my_role"], row["other"], row["subject_id"]) for row in listed] == [
        ("guardian", "小*", None)
    ]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"relation": "FRIEND"}, (400, "invalid_request")),
        ({"proof": "MY_WORD"}, (400, "invalid_request")),
        ({"proof_reference": ""}, (400, "invalid_request")),
        ({"identity": {**CHILD, "document_number": "!!!!"}}, (400, "document_invalid")),
        ({"identity": {**CHILD, "birth_date": "1990-01-01"}}, (422, "guardianship_refused")),
        ({"identity": MOTHER, "relation": "WARD"}, (422, "guardianship_refused")),
        ({"approved_by": "me"}, (400, "unknown_field")),
        ({"valid_until": "2020-01-01T00:00:00Z"}, (422, "guardianship_refused")),
    ],
)
def test_a_wish_that_cannot_be_says_why(phone: Phone, changes: Any, expected: Any) -> None:
    assert problem(phone.post("guardianships", {**WISH, **changes})) == expected
    assert not Guardianship.objects.exists()


def test_a_guardian_declares_and_carries_the_childs_code(phone: Phone) -> None:
    child = granted(phone)
    body = {"symptoms": [], "subject_id": child}
    assert phone.post("declarations", body).json()["colour"] == "GREEN"
    jwk = to_jwk(ec_key("device").public_key())
    minted = phone.post("codes", {"subject_id": child, "device_public_key": jwk}).json()
    assert (minted["kind"], minted["colour"]) == ("PROXY", "GREEN")
    assert phone.post("codes").json()["kind"] == "APP"


def test_a_stranger_carries_nothing_for_the_child(phone: Phone) -> None:
    child = granted(phone)
    stranger = make_phone("Wang Wei")
    stranger.post("declarations", {})
    for path in ("codes", "declarations"):
        answer = stranger.post(path, {"subject_id": child})
        assert problem(answer) == (403, "guardianship_missing")
    assert not Pass.objects.exists()


def test_the_dependent_sees_who_asks_and_has_the_last_word(phone: Phone) -> None:
    father = make_phone("Li Lei")
    identity = {"name": "李雷", "document_type": "20", "document_number": "E20000001"}
    father.post("declarations", {"identity": identity})
    wish = {**WISH, "identity": identity, "relation": "PARENT", "proof": "POWER_OF_ATTORNEY"}
    row = phone.post("guardianships", wish).json()
    approve_guardianship(guardianship_id=row["id"], maker="a", checker="b")
    seen = father.get("guardianships").json()[0]
    assert (seen["my_role"], seen["other"], seen["state"]) == (
        "dependent",
        "王*",
        "AWAITING_CONSENT",
    )
    assert problem(phone.post(f"guardianships/{row['id']}/consent")) == (
        404, "guardianship_unknown",
    )  # fmt: skip
    assert father.post(f"guardianships/{row['id']}/consent").json()["state"] == "ACTIVE"
    assert father.post(f"guardianships/{row['id']}/end").json()["state"] == "ENDED"
    assert problem(phone.post(f"guardianships/{row['id']}/consent"))[0] == 404
    assert problem(father.post(f"guardianships/{row['id']}/consent")) == (
        409, "guardianship_decided",
    )  # fmt: skip


def test_a_lost_phone_is_revoked_by_its_owner_and_never_comes_back(phone: Phone) -> None:
    jwk = to_jwk(ec_key("device").public_key())
    device = phone.post("codes", {"device_public_key": jwk, "device_name": "old"}).json()
    address = f"devices/{device['device_id']}/revoke"
    for _ in range(2):
        assert phone.post(address).json()["revoked_at"] is not None
    assert problem(phone.post("codes", {"device_public_key": jwk})) == (409, "device_revoked")
    listed = phone.get("devices").json()
    assert [(row["label"], row["guardians"]) for row in listed] == [("old", False)]
    assert problem(phone.post(f"devices/{uuid.uuid4()}/revoke")) == (404, "device_unknown")
    other = make_phone("Wang Wei")
    other.post("declarations", {})
    assert problem(other.post(address)) == (404, "device_unknown")


def test_the_wish_may_name_its_end(phone: Phone) -> None:
    until = clock.now() + timedelta(days=10)
    answer = phone.post("guardianships", {**WISH, "valid_until": until.isoformat()})
    assert answer.json()["valid_until"][:10] == answer.json()["valid_until"][:10]
    assert Guardianship.objects.get().valid_until == until


def test_a_reading_about_a_ward_is_the_wards_or_refused() -> None:
    guardian, stranger = make_phone(), make_phone("Wang Wei")
    for phone, number in ((guardian, "E00000001"), (stranger, "E00000002")):
        identity = {"name": "李", "document_type": "20", "document_number": number}
        phone.post("declarations", {"identity": identity, "symptoms": []})
    ward = make_person(symptoms=["cough"])
    own = Subject.objects.get(id=guardian.get("me").json()["subject_id"])
    for path in ("me", "corrections", "access-log", "certificates/exports"):
        answer = guardian.get(f"{path}?subject_id={ward.subject_id}")
        assert (answer.status_code, answer.json()["code"]) == (403, "guardianship_missing")
    make_guardianship(own, ward)
    assert guardian.get(f"me?subject_id={ward.subject_id}").json()["colour"] == "YELLOW"
    assert (guardian.colour(), stranger.colour()) == ("GREEN", "GREEN")
    assert stranger.get(f"me?subject_id={ward.subject_id}").status_code == 403
    assert guardian.get("me?subject_id=7").status_code == 400
