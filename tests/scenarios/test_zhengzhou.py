"""June 2022, replayed: 1,317 people, one operator, photographs of a venue's code.

Nobody turns red: a scan is no evidence, a list of people is no reason, and one operator
is not two. The attempt is in the audit log and an alarm is raised.
"""

import uuid

import pytest
from django.db import transaction

from config.kernel import clock
from config.kernel.approvals.approve import approve_request
from config.kernel.approvals.request import request_approval
from config.kernel.approvals.rules import SelfApproval
from config.kernel.audit.models import AuditEvent
from healthcode.decisions.models import Alarm, Decision, Head, Override
from healthcode.decisions.rules import OverrideRefused
from healthcode.decisions.usecases.decide import decide_colour
from healthcode.decisions.values import Trigger
from healthcode.evidence.models import Evidence
from healthcode.evidence.usecases.record_evidence import record_evidence
from healthcode.evidence.values import EvidenceKind, Source
from healthcode.rules.values import Colour
from healthcode.subjects.models import Subject
from healthcode.verification.models import CheckIn
from healthcode.verification.queries import code_of
from healthcode.verification.rules import REMOTE_SCANS_AN_HOUR
from healthcode.verification.usecases.check_in_at_venue import check_in_at_venue
from healthcode.verification.values import Direction
from tests.factories.health import later, make_gate, make_person, settle
from tests.factories.operators import make_maker

pytestmark = pytest.mark.django_db(transaction=True)
DEPOSITORS = 1317
# So many were not in the city: they scanned a picture that others had sent them.
ABROAD = 871


@pytest.fixture
def depositors() -> list[Subject]:
    """One of them by the real way, the rest as rows like hers."""
    make_person()
    return [
        *Subject.objects.all(),
        *Subject.objects.bulk_create(
            [
                Subject(holder_ref=uuid.uuid4().hex, region="410100" if far < ABROAD else "330100")
                for far in range(DEPOSITORS - 1)
            ]
        ),
    ]


@pytest.mark.slow
def test_nobody_turns_red_by_scanning_a_photographed_code(depositors: list[Subject]) -> None:
    wall = code_of(make_gate().venue)
    with transaction.atomic():
        for subject in depositors:
            check_in_at_venue(subject=subject, venue_code=wall, direction=Direction.IN)
    settle()
    for subject in depositors[:50]:
        decide_colour(subject_id=subject.id, trigger=Trigger.REQUEST)
    assert CheckIn.objects.filter(method="SELF").count() == DEPOSITORS
    assert not Decision.objects.filter(colour=Colour.RED).exists()
    assert not Evidence.objects.filter(kind="venue_overlap").exists()
    alarm = Alarm.objects.get(kind="REMOTE_SCANS")
    assert alarm.facts["scans"] == REMOTE_SCANS_AN_HOUR
    assert AuditEvent.objects.filter(action="health.alarm", target=f"alarm:{alarm.id}").exists()


def test_one_operator_turns_nobody_red_and_the_attempt_is_seen(depositors: list[Subject]) -> None:
    clerk = make_maker("clerk", "health.recolour")
    asked = []
    for subject in depositors[:25]:
        reading = record_evidence(
            subject_id=subject.id, kind=EvidenceKind.AREA_STAY, source=Source.AUTHORITY,
            source_ref=f"bank:{subject.id}", observed_at=clock.now(),
            payload={"level": "medium"},
        )  # fmt: skip
        parameters = {
            "subject": str(subject.id), "colour": "RED", "hours": 72,
            "evidence": [str(reading.id)],
            "legal_basis": "instruction by telephone", "reason_code": "OUTBREAK_ORDER",
        }  # fmt: skip
        asked.append(
            request_approval(
                action="health.recolour", parameters=parameters,
                reason="they are depositors", maker=clerk,
            )
        )  # fmt: skip
    for request in asked:
        with pytest.raises(SelfApproval):
            approve_request(request_id=request.id, checker=clerk)
    later(seconds=1)
    later(hours=1)
    assert not Override.objects.exists()
    assert not Head.objects.filter(decision__colour=Colour.RED).exists()
    attempts = AuditEvent.objects.filter(action="approval.requested", actor="operator:clerk")
    assert attempts.count() == 25
    alarm = Alarm.objects.get()
    assert (alarm.kind, alarm.facts["maker"]) == ("MANY_OVERRIDES_ASKED", "clerk")


def test_being_a_depositor_is_no_reason_and_a_list_is_no_subject() -> None:
    clerk = make_maker("clerk", "health.recolour")
    person = make_person()
    body = {"colour": "RED", "hours": 72, "evidence": [], "legal_basis": "instruction by phone"}
    for wrong in ({"reason_code": "DEPOSITOR"}, {"reason_code": "OTHER"}):
        with pytest.raises(OverrideRefused):
            request_approval(
                action="health.recolour",
                parameters={**body, **wrong, "subject": str(person.subject_id)},
                reason="they are depositors",
                maker=clerk,
            )
