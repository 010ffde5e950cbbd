"""Races at the door."""

import pytest
from django.conf import settings

from config.kernel import clock
from config.kernel.errors import SaomaError
from healthcode.verification.models import CheckIn, Inside
from healthcode.verification.queries import code_of, occupancy
from healthcode.verification.usecases.check_in_at_venue import check_in_at_venue
from healthcode.verification.usecases.verify_code import verify_code
from healthcode.verification.values import Direction, Verdict
from tests.factories.health import Gate, make_gate, make_person
from tests.factories.shows import make_bearer
from tests.factories.threads import at_once, outcomes_at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


def test_no_more_are_let_in_than_there_is_room_for() -> None:
    gate = make_gate(capacity=3)
    codes = [make_person().code() for _ in range(8)]

    def at_gate(code: str) -> Verdict:
        return verify_code(terminal=gate.terminal, code=code).verdict

    verdicts = at_once([lambda code=code: at_gate(code) for code in codes])  # type: ignore[misc]
    assert verdicts.count(Verdict.ADMITTED) == 3
    assert verdicts.count(Verdict.FULL) == 5
    assert occupancy(gate.venue.id, at=clock.now(), proven=True) == 3


@pytest.mark.parametrize("redis", ["", settings.REDIS_URL], ids=["database", "redis"])
def test_one_show_at_many_gates_at_once_opens_one(
    monkeypatch: pytest.MonkeyPatch, redis: str
) -> None:
    monkeypatch.setattr(settings, "REDIS_URL", redis)
    gates = [make_gate(f"Gate {number}") for number in range(4)]
    show = make_bearer(make_person()).show()

    def at_gate(gate: Gate) -> Verdict:
        return verify_code(terminal=gate.terminal, code=show).verdict

    verdicts = at_once([lambda gate=gate: at_gate(gate) for gate in gates * 3])  # type: ignore[misc]
    assert verdicts.count(Verdict.ADMITTED) == 1
    assert verdicts.count(Verdict.REPLAYED) == 11
    assert CheckIn.objects.count() == 1


def test_one_person_scanning_many_times_at_once_checks_in_once() -> None:
    gate, person = make_gate(capacity=1), make_person()
    subject, wall = person.subject, code_of(gate.venue)

    def once() -> CheckIn:
        return check_in_at_venue(subject=subject, venue_code=wall, direction=Direction.IN)

    done = outcomes_at_once([once] * 8)
    assert not [found for found in done if isinstance(found, SaomaError)]
    assert (CheckIn.objects.count(), Inside.objects.count()) == (1, 1)
