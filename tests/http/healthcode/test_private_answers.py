"""First answers are kept under a keyed reference: no wallet's id lies beside a health answer."""

import json
import uuid
from typing import Any

import pytest

from config.kernel import clock
from config.kernel.idempotency.models import IdempotencyRecord
from config.kernel.idempotency.run_idempotent import fingerprint
from healthcode.appeals.usecases.erase_person import erase_person
from healthcode.verification.queries import code_of
from tests.contracts.source import modules
from tests.factories.families import CHILD, MOTHER, WISH, granted
from tests.factories.health import Phone, make_gate, make_phone, trip
from tests.factories.traces import whole_database
from wallet.accounts.models import WalletUser

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def phone() -> Phone:
    """Somebody who has declared."""
    phone = make_phone("Li Hua")
    said = {"identity": {**MOTHER, "birth_date": "1990-02-14"}, "symptoms": []}
    assert phone.post("declarations", said, HTTP_IDEMPOTENCY_KEY="d1").status_code < 300
    return phone


def asked(phone: Phone) -> dict[str, Any]:
    """Every kind of request that keeps its first answer, twice."""
    bodies: dict[str, Any] = {
        "trips": trip(clock.now()),
        "checkins": {"symptoms": []},
        "corrections": {"grounds": "That is not me at all."},
        "code-grants": {"app": "Bus", "purpose": "boarding"},
        "guardianships": WISH,
        "venue-checkins": {"venue_code": code_of(make_gate().venue)},
    }
    answers = {}
    for path, body in bodies.items():
        first, again = (phone.post(path, body, HTTP_IDEMPOTENCY_KEY="k1") for _ in range(2))
        assert first.status_code == again.status_code == 201, (path, first.json())
        assert first.json() == again.json()
        assert again.headers["Idempotency-Replayed"] == "true"
        answers[path] = first.json()
    return answers


def test_no_wallets_id_is_beside_any_answer(phone: Phone) -> None:
    asked(phone)
    rows = IdempotencyRecord.objects.filter(endpoint__startswith="health.")
    assert rows.count() == 7
    user = WalletUser.objects.get()
    text = json.dumps(list(rows.values()), default=str)
    for name in (str(user.id), uuid.UUID(str(user.id)).hex, user.user_number, user.phone):
        assert name not in text
    assert len({row.owner for row in rows}) == 1


def test_keys_of_two_people_never_meet(phone: Phone) -> None:
    other = make_phone("Han Mei")
    for one in (phone, other):
        answer = one.post("declarations", {"symptoms": []}, HTTP_IDEMPOTENCY_KEY="same")
        assert "Idempotency-Replayed" not in answer.headers


def test_answers_go_with_the_person(phone: Phone) -> None:
    asked(phone)
    assert phone.post("erasures", {"confirm": "ERASE"}).status_code < 300
    assert not IdempotencyRecord.objects.filter(endpoint__startswith="health.").exists()


def test_the_same_key_for_oneself_and_for_a_dependent_is_two_wishes(phone: Phone) -> None:
    child = granted(phone)
    bodies: dict[str, dict[str, Any]] = {
        "declarations": {"symptoms": ["cough"]}, "checkins": {"symptoms": []},
        "trips": trip(clock.now()), "corrections": {"grounds": "That is not us at all."},
    }  # fmt: skip
    for path, body in bodies.items():
        for about in ({"subject_id": child}, {}):
            answer = phone.post(path, {**body, **about}, HTTP_IDEMPOTENCY_KEY="both")
            assert "Idempotency-Replayed" not in answer.headers
            if "subject_id" in answer.json():
                assert (answer.json()["subject_id"] == child) is bool(about)
    assert (phone.colour(), phone.get(f"me?subject_id={child}").json()["colour"]) == (
        "YELLOW", "YELLOW",
    )  # fmt: skip


def test_the_same_key_for_another_person_or_place_is_another_wish(phone: Phone) -> None:
    other = {**CHILD, "name": "小红", "document_number": "E10000003"}
    assert phone.post("guardianships", WISH, HTTP_IDEMPOTENCY_KEY="g").status_code == 201
    second = phone.post("guardianships", {**WISH, "identity": other}, HTTP_IDEMPOTENCY_KEY="g")
    assert second.json()["code"] == "idempotency_conflict"
    moved = {"symptoms": [], "region": "420100"}
    assert phone.post("declarations", moved, HTTP_IDEMPOTENCY_KEY="d1").status_code == 409


def test_what_was_asked_is_not_guessed_from_its_fingerprint(phone: Phone) -> None:
    phone.post("declarations", {"symptoms": ["cough"]}, HTTP_IDEMPOTENCY_KEY="k")
    row = IdempotencyRecord.objects.get(key="k")
    said = {"symptoms": ["cough"]}
    guesses = [said, {"by": row.owner, "said": said}, [row.owner, said], f"{row.owner}{said}"]
    assert row.fingerprint not in [fingerprint(guess) for guess in guesses]


def test_answers_about_a_dependent_go_with_either(phone: Phone) -> None:
    child = granted(phone)
    for key, about in (("c", {"subject_id": child}), ("m", {})):
        phone.post("declarations", {"symptoms": [], **about}, HTTP_IDEMPOTENCY_KEY=key)
    erase_person(subject_id=uuid.UUID(child), actor="operator:test", purpose="on request")
    assert child not in whole_database()
    assert set(IdempotencyRecord.objects.values_list("key", flat=True)) >= {"m"}
    phone.post("erasures", {"confirm": "ERASE"})
    assert not IdempotencyRecord.objects.filter(endpoint__startswith="health.").exists()


def test_answers_about_a_dependent_go_with_the_guardian(phone: Phone) -> None:
    child = granted(phone)
    phone.post("trips", {**trip(clock.now()), "subject_id": child}, HTTP_IDEMPOTENCY_KEY="c")
    phone.post("erasures", {"confirm": "ERASE"})
    assert not IdempotencyRecord.objects.filter(endpoint__startswith="health.").exists()


def test_no_health_view_keeps_answers_in_any_other_way() -> None:
    wrong = [
        module.name
        for module in modules()
        if module.name.startswith("healthcode/")
        and not module.name.endswith("subjects/answers.py")
        and "answer_once" in module.path.read_text(encoding="utf-8")
    ]
    assert wrong == []
