"""A move is evidence: no region's rules are left by leaving the region."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from config.kernel import clock
from healthcode.appeals.usecases.erase_person import erase_person
from healthcode.decisions import queries
from healthcode.decisions.models import Decision, Head
from healthcode.decisions.usecases.receive_report import receive_report
from healthcode.decisions.usecases.relocate import MAX_MOVES, MovedTooOften
from healthcode.decisions.usecases.report_health import check_in, declare_health
from healthcode.evidence.models import Evidence
from healthcode.evidence.rules import FromTheFuture
from healthcode.evidence.values import EvidenceKind
from healthcode.passes import dcc
from healthcode.rules import library
from healthcode.subjects.rules import local_day
from tests.factories.health import Person, later, make_guardianship, make_person, settle
from tests.factories.reports import observation, signed
from tests.factories.rule_sets import LENIENT, content, lenient
from tests.factories.sources import make_laboratory

pytestmark = pytest.mark.django_db(transaction=True)


def red() -> Person:
    """Somebody with a positive test, at home in Hangzhou."""
    person = make_person()
    person.evidence(EvidenceKind.NAAT, result="positive")
    settle()
    return person


def colour_of(person: Person) -> str:
    return str(Head.objects.get(subject_id=person.subject_id).decision.colour)


def test_a_better_colour_is_not_got_by_moving() -> None:
    lenient()
    native = Person()
    native.declare(region=LENIENT)
    native.evidence(EvidenceKind.NAAT, result="positive")
    settle()
    assert colour_of(native) != "RED"
    person = red()
    for number, region in enumerate((LENIENT, "330100", LENIENT)):
        assert person.declare(key=f"moved {number}", region=region).colour == "RED"
    assert queries.replay(person.subject_id, at=clock.now()).colour == "RED"


def test_a_region_left_four_weeks_ago_counts_no_more() -> None:
    lenient()
    person = red()
    assert person.declare(key="moved", region=LENIENT).rule_set == "hangzhou-2020-02"
    assert Head.objects.filter(recolour_at__lte=clock.now() + timedelta(days=28)).exists()
    later(days=28, seconds=1)
    assert Head.objects.get().decision.rule_set == "lenient"


def test_the_past_is_replayed_where_somebody_lived_then() -> None:
    lenient()
    person = make_person()
    before = clock.now()
    later(days=1)
    person.declare(key="moved", region=LENIENT)
    assert queries.replay(person.subject_id, at=before).rule_set == "hangzhou-2020-02"
    assert all(queries.replay_decision(row) for row in Decision.objects.all())


def test_a_better_colour_is_not_got_by_erasing_and_moving() -> None:
    lenient()
    person = red()
    erase_person(subject_id=person.subject_id, actor="subject", purpose="on request")
    assert person.declare(key="again", region=LENIENT).colour == "RED"


def test_moves_have_an_end() -> None:
    person = make_person()
    for number in range(MAX_MOVES):
        person.declare(key=f"m{number}", region=f"33010{number + 1}")
    with pytest.raises(MovedTooOften):
        person.declare(key="one more", region=LENIENT)
    person.declare(key="stays", region=f"33010{MAX_MOVES}")
    assert Evidence.objects.filter(kind=EvidenceKind.RELOCATION).count() == MAX_MOVES


def test_a_ward_moves_by_the_guardians_word() -> None:
    guardian, ward = make_person(), make_person()
    make_guardianship(guardian.subject, ward)
    declare_health(
        holder_id=guardian.holder_id, answers={"symptoms": []}, region=LENIENT,
        subject_id=ward.subject_id,
    )  # fmt: skip
    assert (ward.subject.region, guardian.subject.region) == (LENIENT, "330100")


def test_days_are_those_of_the_regions_own_zone() -> None:
    """At 15:00 and 17:00 UTC: two days in China, one morning in Alaska."""
    lenient(zone="America/Anchorage")
    assert library.read({**content("here"), "region": "330100"}).zone.key == "Asia/Shanghai"
    here, there = make_person(), Person()
    there.declare(region=LENIENT)
    evening = clock.now().replace(hour=15, minute=0) + timedelta(days=1)
    for moment in (evening, evening + timedelta(hours=2)):
        later(seconds=(moment - clock.now()).total_seconds())
        for person in (here, there):
            check_in(subject=person.subject, answers={"symptoms": []})
    days = [
        queries.facts_of(person.subject_id, at=clock.now())["clean"]["running"]
        for person in (here, there)
    ]
    assert days == [2, 1]


def test_what_is_dated_today_is_of_the_regions_today() -> None:
    """At 01:15 in Auckland it is still yesterday in China."""
    lenient(zone="Pacific/Auckland")
    make_laboratory()
    person = Person()
    person.declare(region=LENIENT)
    auckland = ZoneInfo("Pacific/Auckland")
    here = clock.now().astimezone(auckland)
    night = (here + timedelta(days=1)).replace(hour=1, minute=15)
    later(seconds=(night - here).total_seconds())
    today = night.date()
    said = receive_report(signed=signed(observation(person, effectiveDateTime=today.isoformat())))
    assert said.evidence_id is not None
    row = Evidence.objects.get(id=said.evidence_id)
    assert local_day(row.observed_at, auckland) == today
    dose = {"dose": 1, "of": 2, "product": "CoronaVac"}
    _, entry = dcc.entry(
        EvidenceKind.VACCINATION, row.observed_at, dose, "URN:UVCI:1", zone=auckland
    )
    assert entry["dt"] == today.isoformat()
    with pytest.raises(FromTheFuture):
        receive_report(
            signed=signed(observation(make_person(), effectiveDateTime=today.isoformat()))
        )


def test_a_set_of_no_known_zone_is_unsound() -> None:
    with pytest.raises(library.RuleSetUnsound):
        library.read({**content("x"), "zone": "Mars/Olympus"})
