"""What is forgotten, when, and that nothing stays of an erased person."""

from datetime import timedelta

import pytest
from django.apps import apps

from config.kernel import clock
from config.kernel.approvals.models import ApprovalRequest, ApprovalVote, TargetVersion
from config.kernel.audit.models import AuditEvent
from config.kernel.outbox.models import OutboxEvent
from healthcode.appeals.models import Appeal
from healthcode.appeals.retention import ROWS, retention
from healthcode.appeals.usecases.end_programme import PERSONAL
from healthcode.appeals.usecases.erase_person import erase_person
from healthcode.appeals.usecases.file_appeal import file_appeal
from healthcode.decisions.models import Alarm, Decision, Head, Notice
from healthcode.evidence.models import Evidence
from healthcode.evidence.usecases.record_evidence import record_evidence, retract_evidence
from healthcode.evidence.values import EvidenceKind, RiskLevel, Source
from healthcode.passes.lists import deny_list
from healthcode.passes.models import DeniedPass, Pass
from healthcode.passes.usecases.mint_code import mint_code
from healthcode.subjects.models import Guardianship, Subject
from healthcode.subjects.queries import SubjectUnknown, identity_of, subject_of
from healthcode.tracing.models import TraceCase, TraceMatch
from healthcode.verification.models import AccessLogEntry, CheckIn, Verification
from healthcode.verification.queries import code_of, occupancy
from healthcode.verification.usecases.check_in_at_venue import check_in_at_venue
from healthcode.verification.usecases.register_venue import rotate_venue_code
from healthcode.verification.values import Direction
from tests.factories.certificates import ec_key
from tests.factories.health import (
    later,
    make_gate,
    make_person,
    make_risk_area,
    settle,
)
from tests.factories.traces import full_life, whole_database

pytestmark = pytest.mark.django_db(transaction=True)


def test_declarations_go_after_28_days_and_stays_after_14() -> None:
    person = make_person()
    person.evidence(EvidenceKind.AREA_STAY, Source.SELF, level="low", region="330100")
    later(days=14)
    assert {row.kind for row in Evidence.objects.all()} == {"declaration"}
    later(days=14)
    assert not Evidence.objects.exists()


def test_a_retraction_goes_with_what_it_takes_back() -> None:
    person = make_person()
    report = person.evidence(EvidenceKind.NAAT, result="positive")
    retract_evidence(evidence_id=report.id, reason="mixed up")
    later(days=29)
    assert not Evidence.objects.exists()


def test_evidence_behind_a_standing_red_is_kept_until_it_stands_no_more() -> None:
    person = make_person()
    report = person.evidence(EvidenceKind.NAAT, result="positive")
    settle()
    for _ in range(3):
        later(days=20)
        assert Head.objects.get().decision.colour == "RED"
    assert [row.id for row in Evidence.objects.all()] == [report.id]
    retract_evidence(evidence_id=report.id, reason="mixed up")
    settle()
    later(days=1)
    later(days=1)
    assert not Evidence.objects.exists()
    assert Head.objects.get().decision.colour == "UNKNOWN"


def test_what_led_back_to_green_is_not_taken_away_before_what_it_led_back_from() -> None:
    person = make_person()
    later(days=2)
    negative = person.evidence(EvidenceKind.CASE_CLOSE, Source.AUTHORITY)
    late = record_evidence(
        subject_id=person.subject_id, kind=EvidenceKind.CASE_OPEN, source=Source.AUTHORITY,
        source_ref="late", observed_at=clock.now() - timedelta(hours=1), payload={},
    )  # fmt: skip
    Evidence.objects.bulk_create(
        [Evidence(
            subject_id=person.subject_id, kind=EvidenceKind.CASE_OPEN, source=Source.AUTHORITY,
            source_ref="later", status="verified", observed_at=late.observed_at,
            payload={}, delete_after=clock.now() + timedelta(days=40),
        )]
    )  # fmt: skip
    later(days=30)
    assert negative.id in set(Evidence.objects.values_list("id", flat=True))
    later(days=12)
    later(days=1)
    later(days=1)
    assert not Evidence.objects.exists()


def test_superseded_decisions_go_and_the_standing_one_stays() -> None:
    person = make_person()
    person.evidence(EvidenceKind.NAAT, result="positive")
    settle()
    later(days=20)
    person.evidence(EvidenceKind.DECLARATION, Source.SELF)
    settle()
    later(days=29)
    assert Decision.objects.filter(computed_at__lt=clock.now() - timedelta(days=28)).count() <= 1


def test_gates_forget_names_after_a_day_and_visits_after_a_fortnight() -> None:
    gate, person = make_gate(), make_person()
    gate.verify(person.code())
    assert Verification.objects.get().subject_id == person.subject_id
    later(hours=24)
    assert Verification.objects.get().subject_id is None
    assert CheckIn.objects.count() == 1
    later(days=13)
    assert CheckIn.objects.count() == 0
    later(days=14)
    assert AccessLogEntry.objects.count() == 0
    later(days=153)
    assert Verification.objects.count() == 0


def test_a_venue_knows_how_many_are_inside() -> None:
    gate, person = make_gate(), make_person()
    wall = code_of(gate.venue)
    for direction, inside in ((Direction.IN, 1), (Direction.OUT, 0), (Direction.OUT, 0)):
        check_in_at_venue(subject=person.subject, venue_code=wall, direction=direction)
        assert occupancy(gate.venue.id, at=clock.now()) == inside
        later(seconds=61)


def test_a_new_code_on_the_wall_is_another() -> None:
    venue = make_gate().venue
    assert code_of(rotate_venue_code(venue_id=venue.id)) != code_of(venue)


def test_nothing_about_an_erased_person_stays_in_the_database() -> None:
    person = full_life()
    subject = person.subject
    secrets = [
        person.identity.name, person.identity.document_number, str(subject.pseudonym),
        str(subject.holder_ref), str(person.holder_id), "cough", "Li Lei says",
    ]  # fmt: skip
    before = whole_database()
    assert secrets[2] in before
    erase_person(subject_id=subject.id, actor="subject", purpose="on request")
    after = whole_database()
    assert [secret for secret in secrets if secret in after] == []
    assert AuditEvent.objects.get(action="health.erase").target == f"subject:{subject.alias}"
    with pytest.raises(SubjectUnknown):
        subject_of(person.holder_id)
    assert not Subject.objects.filter(id=subject.id).exists()
    assert not TraceMatch.objects.exists()
    assert TraceCase.objects.get().subject_id is None


def test_identities_are_sealed_and_can_be_opened() -> None:
    person = make_person()
    assert identity_of(person.subject) == person.identity
    assert person.identity.document_number not in whole_database()


def test_an_overdue_appeal_raises_one_alarm() -> None:
    file_appeal(subject=make_person().subject, grounds="this is not right")
    later(hours=24)
    later(hours=24)
    assert Appeal.objects.get().overdue is True
    assert [alarm.kind for alarm in Alarm.objects.all()] == ["APPEAL_OVERDUE"]


@pytest.mark.parametrize(
    ("region", "raised"), [("420100", True), ("420102", True), ("420000", False), ("330100", False)]
)
def test_a_region_found_to_be_at_risk_colours_those_who_said_they_were_there(
    region: str, raised: bool
) -> None:
    person = make_person()
    stay = {"region": region, "level": "low"}
    stay |= {"arrived_at": clock.now().isoformat(), "left_at": clock.now().isoformat()}
    person.evidence(EvidenceKind.AREA_STAY, Source.SELF, **stay)
    for _ in range(2):
        make_risk_area("420100", RiskLevel.MEDIUM)
    settle()
    colours = [decision.colour for decision in Decision.objects.order_by("seq")]
    assert (colours[-1] == "YELLOW") is raised


def test_a_revoked_pass_of_an_erased_person_stays_denied_until_its_end() -> None:
    person = make_person()
    mint_code(subject=person.subject, device_key=ec_key("device").public_key())
    cti = Pass.objects.get().cti_hash
    end = Pass.objects.get().expires_at
    person.declare(temperature_tenths=390)
    settle()
    assert deny_list(at=clock.now())["cti_sha256"] == [cti]
    erase_person(subject_id=person.subject_id, actor="subject", purpose="on request")
    assert not Pass.objects.exists()
    assert deny_list(at=clock.now())["cti_sha256"] == [cti]
    assert deny_list(at=end)["cti_sha256"] == []
    later(days=1)
    assert not DeniedPass.objects.exists()


def test_a_green_pass_of_an_erased_person_is_denied_too() -> None:
    person = make_person()
    mint_code(subject=person.subject, device_key=ec_key("device").public_key())
    cti = Pass.objects.get().cti_hash
    erase_person(subject_id=person.subject_id, actor="subject", purpose="on request")
    assert deny_list(at=clock.now())["cti_sha256"] == [cti]


TABLES = {model._meta.db_table: model for model in PERSONAL}
# Regions at risk and sums of hashes name no people.
OF_NOBODY = {"health_risk_area", "health_register"}


# What the kernel keeps of the same people, under names drawn by lot.
KERNEL = {
    "outbox_outboxevent": OutboxEvent,
    "approvals_approvalrequest": ApprovalRequest,
    "approvals_approvalvote": ApprovalVote,
    "approvals_targetversion": TargetVersion,
    "audit_auditevent": AuditEvent,
}


def test_every_table_of_people_has_a_row_in_the_notice_and_every_row_a_table() -> None:
    told = {table for row in ROWS for table in row.tables}
    assert told == set(TABLES) - OF_NOBODY | set(KERNEL)
    pointing = {
        model._meta.db_table
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if getattr(field, "related_model", None) is Subject and field.concrete
    }
    assert pointing <= told


def test_the_notice_speaks_three_languages() -> None:
    for row in retention():
        for text in (row["what"], row["then"]):
            assert set(text) == {"en", "fr", "zh"}
            assert all(text.values())
            assert len(set(text.values())) == 3


@pytest.mark.slow
def test_over_a_year_each_table_gets_rid_of_what_the_notice_says_it_does() -> None:
    full_life()
    limits = {table: row.days for row in ROWS for table in row.tables if row.days is not None}
    counted = {name: (TABLES | KERNEL)[name]._default_manager for name in limits}
    filled = {name for name, rows in counted.items() if rows.exists()}
    assert {"health_evidence", "health_checkin", "health_look", "health_trace_match"} <= filled
    for _ in range(61):
        later(days=6)
    left = {name for name, rows in counted.items() if rows.exists()}
    # What the notice says of each: the latest decision stands, evidence goes later where a
    # yellow or red rests on it, days are counted from a guardianship's end and a notice's own.
    stays = {"health_decision", "health_evidence", "health_evidence_hold"}
    assert left <= {*stays, "health_guardianship", "health_notice", "outbox_outboxevent"}
    heads = Head.objects.select_related("decision")
    assert Decision.objects.count() == heads.count()
    reasons = [reason for head in heads for reason in head.decision.reasons]
    rested_on = {name for reason in reasons for name in reason["evidence"]}
    assert {str(row.id) for row in Evidence.objects.all()} <= rested_on
    now = clock.now()
    old_events = OutboxEvent.objects.filter(
        topic__startswith="health.", done_at__lt=now - timedelta(days=35)
    )
    assert not old_events.exists()
    assert not Notice.objects.filter(at__lt=now - timedelta(days=29)).exists()
    assert not Guardianship.objects.filter(closed_at__lt=now - timedelta(days=181)).exists()
