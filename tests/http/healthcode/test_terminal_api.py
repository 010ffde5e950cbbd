"""What a terminal asks about itself, and what it hands in after an hour without network."""

import uuid
from datetime import timedelta
from typing import Any

import pytest

from config.kernel import clock
from healthcode.verification.models import AccessLogEntry, VenuePolicy, Verification
from tests.factories.health import Gate, make_gate

pytestmark = pytest.mark.django_db
PATH = "/api/v1/health/offline-verdicts"


@pytest.fixture
def gate() -> Gate:
    """A gate that admits green alone."""
    return make_gate()


def verdict(**changes: Any) -> dict[str, Any]:
    seen = {"id": str(uuid.uuid4()), "at": clock.now().isoformat(), "verdict": "ADMITTED"}
    return {**seen, "colour": "GREEN", "reason": "", **changes}


def hand_in(gate: Gate, *verdicts: dict[str, Any]) -> Any:
    return gate.client().post(PATH, {"verdicts": list(verdicts)}, format="json")


def test_a_terminal_learns_where_it_stands_and_what_its_venue_admits(gate: Gate) -> None:
    VenuePolicy.objects.update(max_test_age_h=48)

    answer = gate.client().get("/api/v1/health/terminals/current").json()

    assert (answer["venue"], answer["label"]) == ("Library", "Gate 1")
    assert answer["policy"] == {"name": "Green only", "admits": ["GREEN"], "max_test_age_h": 48}
    assert answer["now"]


@pytest.mark.parametrize("path", ["terminals/current", "offline-verdicts"])
def test_strangers_learn_and_write_nothing(path: str) -> None:
    gate = make_gate()
    gate.credential = f"{gate.terminal.id}.guess"
    call = gate.client().get if path.endswith("current") else gate.client().post

    answer = call(f"/api/v1/health/{path}")

    assert (answer.status_code, answer.json()["code"]) == (403, "terminal_unregistered")


def test_offline_verdicts_are_written_down_without_anybody(gate: Gate) -> None:
    answer = hand_in(gate, verdict(), verdict(verdict="STALE", colour="UNKNOWN", reason="deny"))

    assert (answer.status_code, answer.json()) == (201, {"recorded": 2})
    rows = Verification.objects.filter(terminal=gate.terminal, offline=True)
    assert {(row.verdict, row.subject_id) for row in rows} == {("ADMITTED", None), ("STALE", None)}
    assert not AccessLogEntry.objects.exists()


def test_handing_in_again_writes_nothing_twice(gate: Gate) -> None:
    seen = verdict()
    hand_in(gate, seen)

    assert hand_in(gate, seen, seen, verdict()).json() == {"recorded": 1}
    assert Verification.objects.count() == 2


@pytest.mark.parametrize("away", [timedelta(minutes=6), timedelta(days=-7, seconds=-1)])
def test_a_moment_that_cannot_be_is_refused_with_its_place(gate: Gate, away: timedelta) -> None:
    answer = hand_in(gate, verdict(), verdict(at=(clock.now() + away).isoformat()))

    assert answer.json()["code"] == "seen_at_impossible"
    assert answer.json()["field"] == "verdicts.1.at"
    assert not Verification.objects.filter(offline=True).exists()


@pytest.mark.parametrize(
    "changes", [{"verdict": "FINE"}, {"colour": "PURPLE"}, {"subject_id": "x"}, {"id": "x"}]
)
def test_bad_verdicts_write_nothing(gate: Gate, changes: dict[str, Any]) -> None:
    assert hand_in(gate, verdict(**changes)).status_code == 400
    assert hand_in(gate).status_code == 400
    assert not Verification.objects.filter(offline=True).exists()
