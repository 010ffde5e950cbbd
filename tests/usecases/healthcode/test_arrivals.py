"""What a person is shown does not depend on the order in which news of them arrives."""

import itertools
import uuid
from datetime import timedelta
from typing import Any

import pytest

from config.kernel import clock
from healthcode.decisions.models import Decision
from healthcode.decisions.queries import replay_decision
from healthcode.decisions.usecases.receive_report import receive_report
from healthcode.evidence.queries import items_of
from healthcode.evidence.usecases.record_evidence import record_evidence
from healthcode.evidence.values import EvidenceKind, Source
from healthcode.rules import library
from healthcode.rules.assess import colour
from healthcode.rules.values import Colour
from healthcode.subjects.rules import local_day, start_of_day
from tests.factories.health import Person, make_person, settle
from tests.factories.reports import observation, signed
from tests.factories.sources import make_laboratory

pytestmark = pytest.mark.django_db(transaction=True)
POSITIVE, NEGATIVE = "260373001", "260415000"

# Each is worse than the one before, and none of them is anybody's way back to green.
GRAVER: tuple[tuple[EvidenceKind, Source, dict[str, Any], int], ...] = (
    (EvidenceKind.VENUE_OVERLAP, Source.TRACING, {}, 30),
    (EvidenceKind.NAAT, Source.LABORATORY, {"result": "positive", "status": "preliminary"}, 20),
    (EvidenceKind.NAAT, Source.LABORATORY, {"result": "positive", "status": "final"}, 10),
)


def arrives(person: Person, number: int) -> None:
    kind, source, payload, hours = GRAVER[number]
    record_evidence(
        subject_id=person.subject_id,
        kind=kind,
        source=source,
        source_ref=str(uuid.uuid4()),
        observed_at=clock.now() - timedelta(hours=hours),
        payload=payload,
    )
    settle()


def chain_of(person: Person) -> list[Decision]:
    return list(Decision.objects.filter(subject_id=person.subject_id).order_by("seq"))


@pytest.mark.parametrize("order", list(itertools.permutations(range(len(GRAVER)))), ids=str)
def test_graver_news_in_any_order_never_makes_a_colour_milder(order: tuple[int, ...]) -> None:
    person = make_person()
    for number in order:
        arrives(person, number)
    colours = [Colour(row.colour) for row in chain_of(person)]
    assert [shade.severity for shade in colours] == sorted(c.severity for c in colours)
    assert (colours[0], colours[-1]) == (Colour.GREEN, Colour.RED)


@pytest.mark.parametrize("order", list(itertools.permutations(range(len(GRAVER)))), ids=str)
def test_every_decision_on_the_way_comes_out_the_same_again(order: tuple[int, ...]) -> None:
    person = make_person()
    for number in order:
        arrives(person, number)
    chain = chain_of(person)
    assert [replay_decision(row) for row in chain] == [True] * len(chain)


VERSIONS = (("preliminary", POSITIVE), ("final", POSITIVE), ("corrected", NEGATIVE))


@pytest.mark.parametrize("order", list(itertools.permutations(range(len(VERSIONS)))), ids=str)
def test_versions_of_a_report_in_any_order_end_at_the_last_one(order: tuple[int, ...]) -> None:
    make_laboratory()
    person = make_person()
    taken_at = (clock.now() - timedelta(hours=5)).isoformat()
    reports = [
        signed(
            observation(
                person,
                result,
                status=status,
                effectiveDateTime=taken_at,
                issued=(clock.now() - timedelta(hours=4 - number)).isoformat(),
            )
        )
        for number, (status, result) in enumerate(VERSIONS)
    ]
    for number in order:
        receive_report(signed=reports[number])
        settle()
    assert chain_of(person)[-1].colour == "GREEN"


@pytest.mark.parametrize("first", [POSITIVE, NEGATIVE])
def test_a_positive_of_which_only_the_day_is_known_is_not_cleared_by_a_negative_of_that_day(
    first: str,
) -> None:
    person = make_person()
    make_laboratory()
    day = local_day(clock.now()) - timedelta(days=1)
    morning = (start_of_day(day) + timedelta(hours=9)).isoformat()
    samples = {POSITIVE: day.isoformat(), NEGATIVE: morning}
    second = NEGATIVE if first == POSITIVE else POSITIVE
    for number, result in enumerate((first, second)):
        report = observation(
            person, result, effectiveDateTime=samples[result], identifier=[{"value": f"R-{number}"}]
        )
        receive_report(signed=signed(report))
    settle()
    items = items_of(person.subject_id, at=clock.now())
    for version in library.versions():
        judged = colour(items, library.shipped(version), at=clock.now())
        assert judged.colour is Colour.RED, version
    next_day = observation(
        person, NEGATIVE, effectiveDateTime=(day + timedelta(days=1)).isoformat(),
        identifier=[{"value": "R-9"}],
    )  # fmt: skip
    receive_report(signed=signed(next_day))
    items = items_of(person.subject_id, at=clock.now())
    seven = library.shipped("7plus3-2022-06")
    assert colour(items, seven, at=clock.now()).colour is not Colour.RED
