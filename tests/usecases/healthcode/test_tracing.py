"""Contact tracing: three people, a ground, proven check-ins alone; told, logged, forgotten."""

import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from config.kernel import clock
from config.kernel.approvals.approve import approve_request
from config.kernel.approvals.request import request_approval
from config.kernel.audit.models import AuditEvent
from healthcode.decisions.models import Head, Notice
from healthcode.evidence.models import Evidence
from healthcode.evidence.usecases.record_evidence import retract_evidence
from healthcode.evidence.values import EvidenceKind, Source
from healthcode.subjects.rules import local_day, start_of_day
from healthcode.tracing import queries, rules
from healthcode.tracing.models import TraceCase, TraceMatch
from healthcode.tracing.tasks import TRACE
from healthcode.tracing.usecases.trace import confirm_contacts, trace_contacts
from healthcode.tracing.values import Sighting, Stay, Wish
from healthcode.verification.models import AccessLogEntry
from healthcode.verification.queries import code_of
from healthcode.verification.usecases.check_in_at_venue import check_in_at_venue
from healthcode.verification.values import Direction
from tests.factories.health import Gate, Person, later, make_gate, make_person, settle
from tests.factories.operators import make_checker, make_maker

DB = pytest.mark.django_db(transaction=True)
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
ANN, BEN, LIBRARY, MARKET = (uuid.UUID(int=number) for number in range(1, 5))


def minutes(number: float) -> datetime:
    return NOON + timedelta(minutes=number)


def seen(who: uuid.UUID, where: uuid.UUID, at: float, coming: bool = True) -> Sighting:
    return Sighting(who, where, minutes(at), coming)


# ---- stays and overlaps ----------------------------------------------------------------------
def test_a_stay_ends_when_the_person_is_seen_again_anywhere() -> None:
    left = rules.stays([seen(ANN, LIBRARY, 30, False), seen(ANN, LIBRARY, 0)])
    moved = rules.stays([seen(ANN, LIBRARY, 0), seen(ANN, MARKET, 45)])
    assert left == [Stay(ANN, LIBRARY, NOON, minutes(30))]
    assert [(stay.venue_id, stay.ends_at) for stay in moved] == [
        (LIBRARY, minutes(45)), (MARKET, minutes(105)),
    ]  # fmt: skip


@pytest.mark.parametrize(("again_at", "end"), [(720, 720), (720.1, 60)])
def test_nobody_is_taken_to_stay_longer_than_twelve_hours(again_at: float, end: float) -> None:
    found = rules.stays([seen(ANN, LIBRARY, 0), seen(ANN, LIBRARY, again_at, False)])
    assert found[0].ends_at == minutes(end)


@pytest.mark.parametrize(("shared", "counts"), [(14.9, False), (15, True), (16, True)])
def test_exactly_the_minutes_asked_for_are_enough(shared: float, counts: bool) -> None:
    case = [Stay(ANN, LIBRARY, NOON, minutes(shared))]
    other = [Stay(BEN, LIBRARY, NOON, minutes(60))]
    assert bool(rules.overlaps(case, other, minutes=15)) is counts


def test_another_place_or_oneself_is_no_overlap() -> None:
    case = [Stay(ANN, LIBRARY, NOON, minutes(60))]
    others = [Stay(BEN, MARKET, NOON, minutes(60)), Stay(ANN, LIBRARY, NOON, minutes(60))]
    assert rules.overlaps(case, others, minutes=15) == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"case_ref": "x"}, "case_ref"),
        ({"purpose": "because"}, "purpose"),
        ({"ends_at": minutes(1)}, "ends_at"),
        ({"begins_at": NOON}, "ends_at"),
        ({"begins_at": NOON - timedelta(days=15)}, "begins_at"),
        ({"minutes": 4}, "minutes"),
        ({"minutes": 241}, "minutes"),
    ],
)
def test_a_wish_that_goes_too_far_is_refused(changes: dict[str, Any], field: str) -> None:
    sound = Wish(ANN, BEN, "HZ-12", "CASE_CONTACTS", NOON - timedelta(days=2), NOON, 15)
    rules.check_wish(sound, now=NOON)
    with pytest.raises(rules.TraceRefused) as refused:
        rules.check_wish(replace(sound, **changes), now=NOON)
    assert refused.value.field == field


def test_it_takes_three_different_people() -> None:
    rules.check_three("a", ["b", "c"])
    for maker, checkers in (("a", ["b"]), ("a", ["b", "b"]), ("a", ["a", "b"]), ("a", [])):
        with pytest.raises(rules.TraceRefused):
            rules.check_three(maker, checkers)


def test_no_case_names_more_than_two_hundred() -> None:
    rules.check_people(rules.MAX_PEOPLE)
    with pytest.raises(rules.TraceTooWide):
        rules.check_people(rules.MAX_PEOPLE + 1)


# ---- the whole -------------------------------------------------------------------------------
def ill_person(gate: Gate) -> tuple[Person, Evidence]:
    """Somebody who was at the gate and was found ill an hour later."""
    person = make_person()
    gate.verify(person.code())
    return person, person.evidence(EvidenceKind.NAAT, result="positive")


def wish_about(person: Person, report: Evidence, **changes: Any) -> Wish:
    now = clock.now()
    return replace(
        Wish(
            person.subject_id, report.id, "HZ-12", "CASE_CONTACTS",
            now - timedelta(days=3), now, 15,
        ),
        **changes,
    )  # fmt: skip


def run(wish: Wish, approval: uuid.UUID = ANN) -> TraceCase:
    return trace_contacts(
        wish=wish, maker="tracer", checkers=["first", "second"], approval_id=approval
    )


@DB
def test_whoever_was_seen_there_is_found_told_and_yellow_at_most() -> None:
    gate, other = make_gate(), make_person()
    gate.verify(other.code())
    person, report = ill_person(gate)
    later(hours=1)
    case = run(wish_about(person, report))
    assert run(wish_about(person, report)).id == case.id
    settle()
    assert (case.people, TraceMatch.objects.get().subject_id) == (1, other.subject_id)
    assert Head.objects.get(subject=other.subject).decision.colour == "YELLOW"
    assert Notice.objects.filter(subject=other.subject, kind="TRACED").count() == 1
    looked = AccessLogEntry.objects.filter(kind="TRACED").values_list("subject_id", flat=True)
    assert set(looked) == {other.subject_id, person.subject_id}
    after = AuditEvent.objects.get(action="health.trace").after or {}
    assert after["people"] == 1


@DB
def test_a_scan_of_the_venues_code_is_never_looked_at() -> None:
    gate, far_away = make_gate(), make_person()
    person, report = ill_person(gate)
    check_in_at_venue(
        subject=far_away.subject, venue_code=code_of(gate.venue), direction=Direction.IN
    )
    later(hours=1)
    assert queries.shared_stays(wish_about(person, report)) == []
    assert run(wish_about(person, report)).people == 0


@DB
def test_without_a_finding_that_stands_nobody_is_traced() -> None:
    gate = make_gate()
    person, report = ill_person(gate)
    own = person.evidence(EvidenceKind.ANTIGEN, Source.SELF, result="positive")
    reading = person.evidence(EvidenceKind.NAAT, result="positive", status="preliminary")
    later(hours=1)
    for ground in (own, reading, person.evidence(EvidenceKind.NAAT, result="negative")):
        with pytest.raises(rules.TraceRefused):
            run(wish_about(person, ground))
    with pytest.raises(rules.TraceRefused):
        run(wish_about(make_person(), report))
    retract_evidence(evidence_id=report.id, reason="mixed up")
    with pytest.raises(rules.TraceRefused):
        run(wish_about(person, report))
    assert not TraceCase.objects.exists()


@DB
def test_a_case_number_is_used_once() -> None:
    person, report = ill_person(make_gate())
    later(hours=1)
    run(wish_about(person, report))
    with pytest.raises(rules.TraceRefused):
        run(wish_about(person, report), approval=BEN)


@DB
def test_one_asks_and_two_others_approve() -> None:
    person, report = ill_person(make_gate())
    later(hours=1)
    wish = wish_about(person, report)
    tracer = make_maker("tracer", TRACE)
    asked = request_approval(
        action=TRACE,
        parameters={
            "subject": str(wish.subject_id), "evidence": str(wish.evidence_id),
            "case_ref": wish.case_ref, "purpose": wish.purpose, "minutes": wish.minutes,
            "begins_at": wish.begins_at.isoformat(), "ends_at": wish.ends_at.isoformat(),
        },
        reason="the hospital has called",
        maker=tracer,
    )  # fmt: skip
    assert asked.effect["people found now"] == 0
    first = approve_request(request_id=asked.id, checker=make_checker("first", TRACE))
    assert (first.status, TraceCase.objects.count()) == ("PENDING", 0)
    done = approve_request(request_id=asked.id, checker=make_checker("second", TRACE))
    assert (done.status, TraceCase.objects.get().maker) == ("EXECUTED", "tracer")


@DB
def test_close_contacts_are_confirmed_among_those_found_alone() -> None:
    gate, other = make_gate(), make_person()
    gate.verify(other.code())
    person, report = ill_person(gate)
    later(hours=1)
    case = run(wish_about(person, report))
    match = TraceMatch.objects.get()
    three: dict[str, Any] = {"maker": "tracer", "checkers": ["first", "second"]}
    with pytest.raises(rules.TraceRefused):
        confirm_contacts(case_id=case.id, matches=[uuid.uuid4()], **three)
    for _ in range(2):
        assert confirm_contacts(case_id=case.id, matches=[match.id], **three) == 1
    assert Evidence.objects.filter(kind="contact", subject=other.subject).count() == 1
    settle()
    assert Head.objects.get(subject=other.subject).decision.colour == "RED"


@DB
def test_after_a_fortnight_a_case_names_nobody() -> None:
    gate, other = make_gate(), make_person()
    gate.verify(other.code())
    person, report = ill_person(gate)
    later(hours=1)
    case = run(wish_about(person, report))
    later(days=13, hours=23)
    assert TraceMatch.objects.exists()
    later(hours=1)
    case.refresh_from_db()
    assert (case.state, case.subject_id, case.people) == ("EXPIRED", None, 1)
    assert not TraceMatch.objects.exists()
    later(days=166)
    assert not TraceCase.objects.exists()


@pytest.mark.parametrize("again", [[], [30], [30, 50]])
def test_sightings_within_a_stay_are_one_stay(again: list[int]) -> None:
    found = rules.stays([seen(ANN, LIBRARY, at) for at in (0, *again)])
    assert found == [Stay(ANN, LIBRARY, NOON, minutes(max([0, *again]) + 60), inferred=True)]


def test_an_exit_without_an_entry_begins_nothing() -> None:
    assert rules.stays([seen(ANN, LIBRARY, 0, False)]) == []
    both = rules.stays([seen(ANN, LIBRARY, 0), seen(ANN, LIBRARY, 9, False)] * 1)
    assert [stay.ends_at for stay in both] == [minutes(9)]


@DB
def test_who_was_inside_when_the_window_begins_is_found() -> None:
    gate, early, late = make_gate(), make_person(), make_person()
    gate.verify(early.code())
    later(minutes=5)
    person, report = ill_person(gate)
    later(minutes=1)
    begin = clock.now()
    gate.verify(late.code())
    later(minutes=40)
    case = run(wish_about(person, report, begins_at=begin, minutes=15))
    matches = set(TraceMatch.objects.filter(case=case).values_list("subject_id", flat=True))
    assert matches == {early.subject_id, late.subject_id}
    assert TraceMatch.objects.earliest("begins_at").begins_at >= begin


@DB
def test_who_was_scanned_again_and_again_since_long_before_the_window_is_found() -> None:
    gate, other, person = make_gate(), make_person(), make_person()
    for _ in range(5):
        for inside in (other, person):
            gate.verify(inside.code())
        later(minutes=50)
    begin = clock.now() - timedelta(minutes=40)
    report = person.evidence(EvidenceKind.NAAT, result="positive")
    case = run(wish_about(person, report, begins_at=begin))
    assert case.people == 1
    match = TraceMatch.objects.get()
    assert (match.subject_id, match.begins_at) == (other.subject_id, begin)


@DB
@pytest.mark.parametrize("leaves_first", ["ill", "other"])
def test_a_window_of_the_middle_of_a_stay_finds_who_left_after_it(leaves_first: str) -> None:
    gate, other = make_gate(), make_person()
    gate.verify(other.code())
    person, _ = ill_person(gate)
    later(minutes=10)
    begin = clock.now()
    later(minutes=20)
    end = clock.now()
    for leaver in (person, other) if leaves_first == "ill" else (other, person):
        gate.verify(leaver.code(), direction="OUT")
        later(minutes=30)
    report = Evidence.objects.get(kind="naat")
    case = run(wish_about(person, report, begins_at=begin, ends_at=end))
    match = TraceMatch.objects.get(case=case)
    assert (match.subject_id, match.begins_at, match.ends_at) == (other.subject_id, begin, end)


@DB
def test_who_was_inside_over_midnight_is_found_in_a_window_of_the_next_day() -> None:
    gate, other, person = make_gate(), make_person(), make_person()
    half_an_hour = timedelta(minutes=30)
    midnight = start_of_day(local_day(clock.now() + half_an_hour) + timedelta(days=1))
    later(seconds=(midnight - half_an_hour - clock.now()).total_seconds())
    for inside in (other, person):
        gate.verify(inside.code())
    later(hours=1)
    report = person.evidence(EvidenceKind.NAAT, result="positive")
    case = run(wish_about(person, report, begins_at=midnight))
    assert TraceMatch.objects.get(case=case).subject_id == other.subject_id
