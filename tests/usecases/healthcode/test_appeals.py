"""Corrections that work: what was wrong ends, by others than those who coloured."""

import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest

from config.kernel import clock
from config.kernel.audit.models import AuditEvent
from healthcode.appeals.models import Appeal
from healthcode.appeals.rules import OutcomeRefused, ReviewerColoured
from healthcode.appeals.usecases.decide_appeal import decide_appeal
from healthcode.appeals.usecases.file_appeal import file_appeal
from healthcode.appeals.values import Outcome
from healthcode.decisions.authority import Authority, Passage
from healthcode.decisions.models import Decision, Head, Notice
from healthcode.decisions.rules import OverrideRefused
from healthcode.decisions.usecases.change_evidence import retract_all
from healthcode.decisions.usecases.report_health import report_trip
from healthcode.decisions.usecases.set_override import set_override
from healthcode.decisions.values import OverrideReason
from healthcode.evidence.models import Evidence
from healthcode.evidence.usecases.declare_risk_area import declare_risk_area
from healthcode.evidence.values import EvidenceKind, RiskLevel, Source
from healthcode.rules.values import Colour
from tests.factories.health import WUHAN, Person, later, make_person, settle, trip
from tests.factories.overrides import grounds

pytestmark = pytest.mark.django_db(transaction=True)
NAAT = EvidenceKind.NAAT


def objected(person: Person, **facts: Any) -> Appeal:
    return file_appeal(subject=person.subject, grounds="I was never ill.", **facts)


def decided(appeal: Appeal, maker: str = "rita", checker: str = "remy") -> Decision:
    decide_appeal(
        appeal_id=appeal.id,
        outcome=Outcome.OVERTURNED,
        text="You were right, and we are sorry.",
        maker=maker,
        checker=checker,
    )
    return Head.objects.get(subject_id=appeal.subject_id).decision


def by_hand(person: Person, colour: Colour, rows: list[uuid.UUID] | None = None) -> None:
    named = rows or [Evidence.objects.get(kind="area_stay").id]
    set_override(
        subject_id=person.subject_id, colour=colour, reason=OverrideReason.OUTBREAK_ORDER,
        legal_basis="Order 12 of the county", hours=72, evidence=named,
        maker="mia", checker="carl", approval_id=uuid.uuid4(),
    )  # fmt: skip


def coloured_by_hand() -> Person:
    person = make_person()
    grounds(person)
    by_hand(person, Colour.RED)
    return person


def test_a_granted_correction_ends_the_colour_by_hand_and_nothing_else() -> None:
    person = coloured_by_hand()
    decision = decided(objected(person))
    assert (decision.colour, decision.override_id) == ("YELLOW", None)
    assert decision.reasons[0]["rule"] == "hz-yellow-area-medium"
    assert not Evidence.objects.filter(status="retracted").exists()
    told = Notice.objects.filter(kind="CORRECTION_DECIDED").get().facts
    assert (told["before"], told["after"], told["override_ended"]) == ("RED", "YELLOW", True)


@pytest.mark.parametrize("late", [False, True], ids=["before the trip", "after the trip"])
@pytest.mark.parametrize(("maker", "checker"), [("mia", "remy"), ("rita", "carl")])
def test_who_declared_an_area_judges_nobody_whom_it_coloured(
    maker: str, checker: str, late: bool
) -> None:
    person = make_person()

    def declare() -> None:
        declare_risk_area(
            region=WUHAN, level=RiskLevel.HIGH, valid_from=clock.now() - timedelta(days=30),
            valid_until=None, declared_by="operator:mia", approved_by="operator:carl",
        )  # fmt: skip

    if not late:
        declare()
    facts = trip(clock.now())
    moments = {name: datetime.fromisoformat(facts[name]) for name in ("arrived_at", "left_at")}
    report_trip(subject=person.subject, region="420102", **moments)
    if late:
        declare()
    settle()
    appeal = objected(person)
    assert Head.objects.get().decision.colour == "RED"
    with pytest.raises(ReviewerColoured):
        decided(appeal, maker, checker)
    assert decided(appeal).colour == "GREEN"


@pytest.mark.parametrize(("maker", "checker"), [("mia", "remy"), ("rita", "carl")])
def test_who_coloured_neither_proposes_nor_approves(maker: str, checker: str) -> None:
    appeal = objected(coloured_by_hand())
    with pytest.raises(ReviewerColoured):
        decided(appeal, maker, checker)
    with pytest.raises(OutcomeRefused):
        decided(appeal, "rita", "rita")
    assert Head.objects.get().decision.colour == "RED"


def test_all_grounds_of_the_shown_colour_are_taken_back_and_not_the_first() -> None:
    person = make_person()
    for kind in (NAAT, NAAT, EvidenceKind.CONTACT, EvidenceKind.ANTIGEN):
        payload: dict[str, Any] = {} if kind is EvidenceKind.CONTACT else {"result": "positive"}
        person.evidence(kind, **payload)
    settle()
    assert decided(objected(person)).colour == "GREEN"
    assert Evidence.objects.filter(status="retracted").count() == 4
    declared = Evidence.objects.get(kind="declaration")
    assert not Evidence.objects.filter(retracts=declared).exists()


def test_the_one_piece_that_was_pointed_at_is_taken_back_alone() -> None:
    person = make_person()
    contact = person.evidence(EvidenceKind.CONTACT)
    person.evidence(NAAT, result="positive")
    settle()
    assert decided(objected(person, evidence_id=contact.id)).colour == "RED"
    assert Evidence.objects.get(status="retracted").retracts_id == contact.id


def test_a_granted_correction_leaves_no_colour_by_hand_to_show_through() -> None:
    person = coloured_by_hand()
    by_hand(person, Colour.YELLOW)
    assert Head.objects.get().decision.colour == "YELLOW"
    assert decided(objected(person)).colour == "YELLOW"
    assert Head.objects.get().decision.reasons[0]["rule"] == "hz-yellow-area-medium"


def test_a_colour_by_hand_ends_with_the_one_piece_it_rested_on() -> None:
    person = coloured_by_hand()
    reading = Evidence.objects.get(kind="area_stay")
    decision = decided(objected(person, evidence_id=reading.id))
    assert (decision.colour, decision.override_id) == ("GREEN", None)
    told = Notice.objects.filter(kind="CORRECTION_DECIDED").get().facts
    assert (told["override_ended"], told["evidence_taken_back"]) == (True, 1)


def test_a_colour_by_hand_ends_when_the_laboratory_takes_its_ground_back() -> None:
    person = coloured_by_hand()
    contact = person.evidence(EvidenceKind.CONTACT)
    by_hand(person, Colour.RED, [Evidence.objects.get(kind="area_stay").id, contact.id])
    laboratory = Authority(Passage.LABORATORY, "Central Lab")
    for ground, colour in ((Evidence.objects.get(kind="area_stay"), "RED"), (contact, "GREEN")):
        retract_all(authority=laboratory, evidence_ids=[ground.id], reason="entered in error")
        settle()
        assert Head.objects.get().decision.colour == colour
    ended = AuditEvent.objects.filter(action="health.override_ended")
    assert {event.actor for event in ended} == {"laboratory:Central Lab"}


def test_a_colour_by_hand_does_not_live_on_by_a_negative_test() -> None:
    person = make_person()
    positive = person.evidence(NAAT, result="positive")
    negative = person.evidence(NAAT, result="negative")
    by_hand(person, Colour.RED, [positive.id, negative.id])
    retract_all(
        authority=Authority(Passage.LABORATORY, "Central Lab"), evidence_ids=[positive.id],
        reason="entered in error",
    )  # fmt: skip
    settle()
    assert Head.objects.get().decision.colour == "GREEN"


@pytest.mark.parametrize(
    ("begins", "ends", "numbers", "is_ground"),
    [
        (EvidenceKind.CASE_OPEN, EvidenceKind.CASE_CLOSE, ("", ""), False),
        (EvidenceKind.CASE_OPEN, EvidenceKind.CASE_CLOSE, ("A", "A"), False),
        (EvidenceKind.CASE_OPEN, EvidenceKind.CASE_CLOSE, ("A", "B"), True),
        (EvidenceKind.QUARANTINE_START, EvidenceKind.QUARANTINE_END, ("", ""), False),
    ],
)
def test_what_has_ended_is_no_ground_for_a_colour_by_hand(
    begins: EvidenceKind, ends: EvidenceKind, numbers: tuple[str, str], is_ground: bool
) -> None:
    person = make_person()
    row = person.evidence(begins, Source.AUTHORITY, case=numbers[0])
    later(minutes=1)
    person.evidence(ends, Source.AUTHORITY, case=numbers[1])
    if is_ground:
        by_hand(person, Colour.RED, [row.id])
        return
    with pytest.raises(OverrideRefused):
        by_hand(person, Colour.RED, [row.id])
