"""A number that somebody types is a look-up: limited, seen by its person, proof of nothing."""

from datetime import timedelta
from typing import Any

import pytest

from config.kernel import clock
from healthcode.decisions.models import Alarm
from healthcode.footfall.queries import visits_of
from healthcode.footfall.rules import hour_of
from healthcode.subjects.rules import ZONE
from healthcode.verification import rules
from healthcode.verification.models import AccessLogEntry, CheckIn, Inside, Verification
from healthcode.verification.queries import code_of, occupancy
from healthcode.verification.usecases.check_in_at_venue import check_in_at_venue
from healthcode.verification.usecases.verify_code import verify_code
from healthcode.verification.values import Direction
from tests.factories.health import (
    Gate,
    Person,
    later,
    make_gate,
    make_person,
    make_phone,
    new_identity,
)

pytestmark = pytest.mark.django_db(transaction=True)


def typed(gate: Gate, person: Person, **more: Any) -> Any:
    """A document's number, typed at a gate."""
    identity = person.identity
    body = {
        "document_type": identity.document_type,
        "document_number": identity.document_number,
        **more,
    }
    return gate.client().post("/api/v1/health/cards/verify", body, format="json")


def claim(person: Person, gate: Gate, direction: Direction = Direction.IN) -> CheckIn:
    return check_in_at_venue(
        subject=person.subject, venue_code=code_of(gate.venue), direction=direction
    )


@pytest.mark.parametrize("direction", ["IN", "OUT"])
def test_a_typed_number_is_answered_and_makes_no_check_in(direction: str) -> None:
    gate, person = make_gate(), make_person()
    answer = typed(gate, person, direction=direction).json()
    assert (answer["verdict"], answer["colour"]) == ("ADMITTED", "GREEN")
    assert not CheckIn.objects.exists()
    assert not Inside.objects.exists()
    assert Verification.objects.get().lookup
    assert AccessLogEntry.objects.get(subject=person.subject).by == "Library, Gate 1"


def test_a_reader_of_cards_sees_who_is_there() -> None:
    gate, person = make_gate(reads_cards=True), make_person()
    assert typed(gate, person).json()["admitted"]
    assert CheckIn.objects.get().presence == "IDENTIFIED"
    assert not Verification.objects.get().lookup


def test_guessing_numbers_is_stopped_and_calls_the_operators_once() -> None:
    gate = make_gate()
    for _ in range(rules.UNKNOWN_LOOKUPS):
        assert typed(gate, Person()).json()["colour"] == "UNKNOWN"
    person = make_person()
    for _ in range(3):
        refused = typed(gate, person)
        assert (refused.status_code, refused.json()["code"]) == (429, "lookups_limited")
    assert Alarm.objects.filter(kind="LOOKUPS").count() == 1
    assert typed(make_gate("Museum"), person).status_code == 200
    later(hours=1)
    assert typed(gate, person).status_code == 200


def test_known_numbers_are_limited_too() -> None:
    gate, person = make_gate(), make_person()
    for _ in range(rules.LOOKUPS_AT_ONCE):
        assert typed(gate, person).status_code == 200
    assert typed(gate, person).status_code == 429


def test_a_claim_fills_no_place_and_frees_none() -> None:
    gate = make_gate(capacity=1)
    first, second, third = make_person(), make_person(), make_person()
    claim(first, gate)
    assert verify_code(terminal=gate.terminal, code=second.code()).verdict == "ADMITTED"
    claim(second, gate, Direction.OUT)
    assert occupancy(gate.venue.id, at=clock.now(), proven=True) == 1
    assert verify_code(terminal=gate.terminal, code=third.code()).verdict == "FULL"
    with pytest.raises(rules.VenueFull):
        claim(third, gate)
    assert typed(gate, third).json()["verdict"] == "FULL"
    out = verify_code(terminal=gate.terminal, code=second.code(), direction=Direction.OUT)
    assert out.verdict == "ADMITTED"
    assert verify_code(terminal=gate.terminal, code=third.code()).verdict == "ADMITTED"


def test_footfall_counts_whom_a_gate_saw() -> None:
    gate, seen, afar = make_gate(), make_person(), make_person()
    claim(afar, gate)
    verify_code(terminal=gate.terminal, code=seen.code())
    assert [who for who, _ in visits_of(hour_of(clock.now()))] == [seen.subject_id]


def test_whoever_was_not_there_says_so_and_nothing_is_concluded_from_it() -> None:
    gate, phone, stranger = make_gate(), make_phone(), make_phone("Han Mei")
    for one in (phone, stranger):
        one.post("declarations", {"identity": new_identity(), "symptoms": []})
    assert gate.verify(phone.code()).status_code == 200
    [row] = phone.get("venue-checkins").json()["results"]
    assert (row["venue"], row["presence"], row["denied_at"]) == ("Library", "SHOWN", None)
    path = f"venue-checkins/{row['id']}/denial"
    assert stranger.post(path).status_code == 404
    first, again = phone.post(path), phone.post(path)
    assert first.status_code == 200
    assert first.json()["denied_at"] == again.json()["denied_at"] is not None
    assert Alarm.objects.filter(kind="CHECKIN_DENIED").count() == 1
    assert visits_of(hour_of(clock.now())) == []


def test_a_place_that_closes_is_empty_then() -> None:
    local = (clock.now() + timedelta(minutes=30)).astimezone(ZONE)
    gate, person = make_gate(closes_at=local.time()), make_person()
    verify_code(terminal=gate.terminal, code=person.code())
    assert occupancy(gate.venue.id, at=clock.now()) == 1
    assert occupancy(gate.venue.id, at=clock.now() + timedelta(minutes=31)) == 0
