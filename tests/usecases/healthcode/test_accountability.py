"""Who may colour whom: three for several, lists in public, reds counted and alarmed."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from rest_framework.test import APIClient

from config.kernel import clock
from config.kernel.approvals.approve import approve_request
from config.kernel.approvals.models import ApprovalRequest
from config.kernel.approvals.request import request_approval
from config.kernel.approvals.rules import CheckerLacksRole, MakerLacksRole
from config.kernel.audit.models import AuditEvent
from healthcode.decisions.models import Alarm, DayCount, Head, Override, PersonList
from healthcode.decisions.rules import ListRefused, OverrideRefused, TooManyAtOnce
from healthcode.decisions.statistics import public_name, statistics
from healthcode.decisions.values import MAX_BATCH
from healthcode.evidence.models import Evidence
from healthcode.evidence.values import EvidenceKind
from healthcode.subjects.queries import SubjectUnknown
from tests.factories.health import Person, later, make_person, settle
from tests.factories.operators import make_checker, make_maker, make_operator
from tests.factories.overrides import grounds

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
RECOLOUR_MANY, IMPORT_LIST = "health.recolour_many", "health.import_list"


def officers(action: str = RECOLOUR_MANY) -> tuple[Any, Any, Any]:
    """A maker, a checker and a third, each with their own right."""
    return make_maker("mia", action), make_checker("carl", action), make_checker("tess", action)


def people(count: int) -> list[Person]:
    return [make_person() for _ in range(count)]


def wish(named: list[Person], maker: Any, **changes: Any) -> ApprovalRequest:
    subjects = {str(person.subject_id): [str(grounds(person).id)] for person in named}
    settle()
    parameters = {
        "subjects": subjects, "colour": "RED", "hours": 24, "reason_code": "OUTBREAK_ORDER",
        "legal_basis": "Order 12 of the county", **changes,
    }  # fmt: skip
    return request_approval(
        action=RECOLOUR_MANY, parameters=parameters, reason="an outbreak here", maker=maker
    )


def colours() -> set[str]:
    return set(Head.objects.values_list("decision__colour", flat=True))


def test_several_people_at_once_take_a_third_approver() -> None:
    mia, carl, tess = officers()
    request = wish(people(3), mia)
    approve_request(request_id=request.id, checker=carl)
    assert colours() == {"YELLOW"}
    approve_request(request_id=request.id, checker=tess)
    assert colours() == {"RED"}
    assert {
        (row.maker, row.checker, row.third, row.batch_size) for row in Override.objects.all()
    } == {("mia", "carl", "tess", 3)}


@pytest.mark.parametrize(("count", "error"), [(1, OverrideRefused), (MAX_BATCH + 1, TooManyAtOnce)])
def test_one_is_no_batch_and_there_is_a_cap(count: int, error: type[Exception]) -> None:
    with pytest.raises(error):
        wish(people(count), officers()[0])
    assert not ApprovalRequest.objects.exists()


def test_one_person_without_grounds_stops_the_whole_batch() -> None:
    mia, _, _ = officers()
    named = people(2)
    said = [str(row.id) for row in Evidence.objects.filter(subject_id=named[0].subject_id)]
    subjects = {str(person.subject_id): said for person in named}
    with pytest.raises(OverrideRefused):
        wish(named, mia, subjects=subjects)
    assert not ApprovalRequest.objects.exists()


@pytest.mark.parametrize(
    "changes",
    [{"third": "mia"}, {"third": "carl"}, {"third": ""}, {"batch_size": MAX_BATCH + 1},
     {"batch_size": 0}],
)  # fmt: skip
def test_the_database_knows_the_third_and_the_cap(changes: dict[str, Any]) -> None:
    mia, carl, tess = officers()
    request = wish(people(2), mia)
    for checker in (carl, tess):
        approve_request(request_id=request.id, checker=checker)
    row = Override.objects.all()[0]
    row.id, row.approval_id = uuid.uuid4(), uuid.uuid4()
    for name, value in changes.items():
        setattr(row, name, value)
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


def test_neither_a_superuser_nor_the_same_role_twice_colours_anybody() -> None:
    mia, _, _ = officers()
    root = make_operator("root", superuser=True)
    twin = make_maker("twin", RECOLOUR_MANY)
    named = people(2)
    with pytest.raises(MakerLacksRole):
        wish(named, root)
    request = wish(named, mia)
    for checker in (root, twin):
        with pytest.raises(CheckerLacksRole):
            approve_request(request_id=request.id, checker=checker)
    assert colours() == {"YELLOW"}


def listed(named: list[Person], maker: Any, **changes: Any) -> ApprovalRequest:
    parameters = {
        "subjects": [str(person.subject_id) for person in named], "kind": "contact", "days": 3,
        "case_reference": "HZ-2020-17", "purpose": "passengers of flight CA1", **changes,
    }  # fmt: skip
    return request_approval(
        action=IMPORT_LIST, parameters=parameters, reason="named by the airline", maker=maker
    )


def test_a_list_takes_two_approvals_shows_in_public_and_ends_by_itself() -> None:
    mia, carl, tess = officers(IMPORT_LIST)
    request = listed(people(3), mia)
    approve_request(request_id=request.id, checker=carl)
    assert not PersonList.objects.exists()
    approve_request(request_id=request.id, checker=tess)
    settle()
    assert colours() == {"RED"}
    [shown] = APIClient().get("/api/v1/health/statistics").json()["lists"]
    assert (shown["kind"], shown["people"], "case_reference" in shown) == ("contact", 3, False)
    later(days=3)
    assert colours() == {"GREEN"}
    assert AuditEvent.objects.filter(action="health.import_list").exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "depositor"}, "kind"),
        ({"case_reference": ""}, "case_reference"),
        ({"purpose": "because"}, "purpose"),
        ({"days": 15}, "days"),
        ({"days": True}, "days"),
        ({"subjects": []}, "subjects"),
        ({"subjects": [str(uuid.UUID(int=n)) for n in range(501)]}, "subjects"),
    ],
)
def test_a_list_without_a_case_a_purpose_or_an_end_is_not_even_asked_for(
    changes: dict[str, Any], field: str
) -> None:
    with pytest.raises((ListRefused, TooManyAtOnce)) as refused:
        listed(people(1), officers(IMPORT_LIST)[0], **changes)
    assert refused.value.field == field


def test_a_list_with_a_stranger_is_not_even_asked_for() -> None:
    mia, _, _ = officers(IMPORT_LIST)
    [person] = people(1)
    with pytest.raises(SubjectUnknown):
        listed([], mia, subjects=[str(person.subject_id), str(uuid.uuid4())])
    assert not ApprovalRequest.objects.exists()


def test_a_long_list_raises_an_alarm_and_its_reds_another() -> None:
    mia, carl, tess = officers(IMPORT_LIST)
    request = listed(people(20), mia)
    for checker in (carl, tess):
        approve_request(request_id=request.id, checker=checker)
    settle()
    later(minutes=2)
    kinds = sorted(alarm.kind for alarm in Alarm.objects.all())
    assert kinds == ["LONG_LIST", "MANY_OVERRIDES_ASKED", "MANY_REDS"]
    assert AuditEvent.objects.filter(action="health.alarm").count() == 3


def test_reds_are_counted_by_rule_region_source_and_operator() -> None:
    mia, carl, tess = officers()
    request = wish(people(2), mia)
    for checker in (carl, tess):
        approve_request(request_id=request.id, checker=checker)
    later(minutes=1)
    later(minutes=15)
    make_person().evidence(EvidenceKind.NAAT, result="positive")
    settle()
    later(minutes=15)
    shown = APIClient().get("/api/v1/health/statistics").json()
    assert shown["reds_by_rule"] == {"hz-red-positive": 1, "override:OUTBREAK_ORDER": 2}
    assert shown["reds_by_region"] == {"330100": 3}
    assert shown["reds_by_source"] == {"laboratory": 1}
    assert shown["reds_by_operator"] == {public_name("mia"): 2}
    assert shown["changes_to"]["RED"] == 3
    assert "mia" not in str(shown)
    assert statistics(at=clock.now(), with_names=True)["reds_by_operator"] == {"mia": 2}


def test_the_counts_outlive_the_decisions() -> None:
    make_person().evidence(EvidenceKind.NAAT, result="positive")
    settle()
    later(minutes=2)
    before = DayCount.objects.get(dimension="rule").count
    later(days=100)
    assert DayCount.objects.get(dimension="rule").count == before == 1


def test_looking_again_at_a_red_person_counts_once() -> None:
    person = make_person()
    for _ in range(3):
        person.evidence(EvidenceKind.NAAT, result="positive")
        settle()
        later(minutes=15)
    assert DayCount.objects.get(dimension="colour", name="RED").count == 1


def test_an_operator_who_had_fifty_gets_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("healthcode.decisions.rules.MAX_OVERRIDES_A_DAY", 1)
    mia, carl, tess = officers()
    request = wish(people(2), mia)
    for checker in (carl, tess):
        approve_request(request_id=request.id, checker=checker)
    request.refresh_from_db()
    assert (request.status, request.failure_code) == ("FAILED", "too_many_people")
    assert colours() == {"YELLOW"}
    assert clock.now() - timedelta(days=1) < request.requested_at
