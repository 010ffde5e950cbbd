"""A clinician's day at the panel: the task, the reading, the final result with a second's yes."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from config.admin.roles import ROLES, RolesConflict, actions_of, check_separate, create_roles
from config.kernel.approvals.approve import approve_request
from config.kernel.approvals.models import ApprovalRequest
from config.kernel.approvals.request import request_approval
from config.kernel.audit.models import AuditEvent
from healthcode.decisions.models import Alarm, ColourAct, Head
from healthcode.decisions.signoffs import SIGN_OFF, ResultRefused
from healthcode.decisions.usecases.receive_report import receive_report
from healthcode.decisions.usecases.sign_off_reading import ReadingUnknown, SignedOffAlready
from healthcode.evidence.models import Evidence
from healthcode.evidence.usecases.record_evidence import retract_evidence
from tests.factories.health import make_person, settle
from tests.factories.operators import give_roles, make_checker, make_maker, make_operator
from tests.factories.reports import observation, signed
from tests.factories.sources import make_laboratory

pytestmark = pytest.mark.django_db(transaction=True)
WHY = "seen the scan: ground glass, both sides"


@pytest.fixture
def reading() -> Evidence:
    """What an AI has read: positive, preliminary, with a task for a clinician."""
    make_laboratory()
    content = observation(make_person(), performer=[{"reference": "Device/ct-1"}])
    receive_report(signed=signed(content))
    settle()
    return Evidence.objects.get(source="laboratory")


def colour() -> str:
    return str(Head.objects.get().decision.colour)


def client_of(operator: User) -> Client:
    client = Client()
    client.force_login(operator)
    return client


def asked(reading: Evidence, result: str = "positive") -> ApprovalRequest:
    return request_approval(
        action=SIGN_OFF,
        parameters={"evidence": str(reading.id), "result": result},
        reason=WHY,
        maker=User.objects.filter(username="cli").first() or make_maker("cli", SIGN_OFF),
    )


def approved(request: ApprovalRequest) -> str:
    checker = User.objects.filter(username="hea").first() or make_checker("hea", SIGN_OFF)
    status = approve_request(request_id=request.id, checker=checker).status
    settle()
    return status


def test_a_clinician_finds_the_task_and_asks_for_the_result(reading: Evidence) -> None:
    create_roles()
    client = client_of(give_roles(make_operator("cli"), "clinician"))
    assert "?task=sign_off" in client.get(reverse("health_desk")).content.decode()
    tasks = reverse("admin:health_evidence_evidence_changelist") + "?task=sign_off"
    assert str(reading.id) in client.get(tasks).content.decode()
    address = reverse("admin:health_evidence_evidence_sign_off", args=[reading.pk])
    shown = client.get(address).content.decode()
    assert "RED, by a final positive" in shown
    assert client.post(address, {"result": "positive", "reason": WHY}).status_code == 302
    assert ApprovalRequest.objects.get().maker.username == "cli"
    assert colour() == "YELLOW"


@pytest.mark.parametrize(("result", "becomes"), [("positive", "RED"), ("negative", "GREEN")])
def test_the_colour_follows_once_a_second_has_approved(
    reading: Evidence, result: str, becomes: str
) -> None:
    assert approved(asked(reading, result)) == "EXECUTED"
    assert colour() == becomes
    assert Alarm.objects.get(kind="CLINICIAN_TASK").seen_by == "cli"
    assert AuditEvent.objects.get(action="health.sign_off").actor == "operator:cli"
    assert ColourAct.objects.get(passage="CLINICIAN_DESK").people == ["cli", "hea"]


def test_a_reading_is_signed_off_once(reading: Evidence) -> None:
    approved(asked(reading))
    with pytest.raises(SignedOffAlready):
        asked(reading, "negative")


def test_a_reading_that_was_taken_back_is_not_signed_off(reading: Evidence) -> None:
    request = asked(reading)
    retract_evidence(evidence_id=reading.id, reason="mixed up")
    assert approved(request) in {"STALE", "FAILED"}
    assert not Evidence.objects.filter(source_ref=f"signoff:{reading.id}").exists()


@pytest.mark.parametrize("key", ["no id", "00000000-0000-0000-0000-000000000000"])
def test_what_is_no_reading_is_refused(key: str) -> None:
    with pytest.raises(ReadingUnknown):
        request_approval(
            action=SIGN_OFF, parameters={"evidence": key, "result": "positive"}, reason=WHY,
            maker=make_maker("cli", SIGN_OFF),
        )  # fmt: skip


def test_another_result_is_refused(reading: Evidence) -> None:
    with pytest.raises(ResultRefused):
        asked(reading, "perhaps")


def test_a_health_officer_signs_nothing_off_and_a_clinician_approves_nothing() -> None:
    assert SIGN_OFF not in actions_of(ROLES["health_officer"].asks)
    assert actions_of(ROLES["clinician"].asks) == [SIGN_OFF]
    assert actions_of(ROLES["clinician"].approves) == []
    with pytest.raises(RolesConflict):
        check_separate(["clinician", "health_approver"])
