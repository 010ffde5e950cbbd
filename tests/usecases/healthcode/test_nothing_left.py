"""Property: after an erasure, or the programme's end, no id of the person is left anywhere."""

import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TransactionTestCase

from config.kernel import clock
from config.kernel.approvals.approve import approve_request
from config.kernel.approvals.request import request_approval
from healthcode.appeals.usecases.end_programme import end_programme
from healthcode.appeals.usecases.erase_person import erase_person
from healthcode.decisions.models import Laboratory, QuarantinedReport
from healthcode.decisions.usecases.receive_report import receive_report
from healthcode.decisions.usecases.record_finding import record_finding
from healthcode.evidence.values import EvidenceKind
from healthcode.subjects.models import Subject
from tests.factories.health import Person, make_gate, make_person, settle
from tests.factories.operators import make_checker, make_maker, make_operator
from tests.factories.reports import observation, signed
from tests.factories.sources import make_laboratory
from tests.factories.traces import full_life, whole_database

pytestmark = pytest.mark.slow


def decided(action: str, parameters: dict[str, object], checkers: int) -> None:
    """Ask for something under approval, and approve it."""
    name = uuid.uuid4().hex[:8]
    maker = make_maker(f"maker-{name}", action)
    request = request_approval(
        action=action, parameters=parameters, reason="as the hospital wrote", maker=maker
    )
    for number in range(checkers):
        approve_request(
            request_id=request.id, checker=make_checker(f"checker-{number}-{name}", action)
        )
    settle()


def positive(person: Person) -> str:
    row = person.evidence(EvidenceKind.NAAT, result="positive")
    settle()
    return str(row.id)


def by_hand(person: Person) -> None:
    grounds: dict[str, object] = {
        "colour": "RED", "reason_code": "OUTBREAK_ORDER", "hours": 24,
        "legal_basis": "Order 12 of the county", "evidence": [positive(person)],
    }  # fmt: skip
    decided("health.recolour", {"subject": str(person.subject_id), **grounds}, 1)


def several(person: Person) -> None:
    other = make_person()
    people = {str(one.subject_id): [positive(one)] for one in (person, other)}
    grounds: dict[str, object] = {
        "colour": "RED", "reason_code": "OUTBREAK_ORDER", "hours": 24,
        "legal_basis": "Order 12 of the county",
    }  # fmt: skip
    decided("health.recolour_many", {"subjects": people, **grounds}, 2)


def listed(person: Person) -> None:
    facts: dict[str, object] = {
        "subjects": [str(person.subject_id)], "kind": "contact", "days": 3,
        "case_reference": f"HZ-{uuid.uuid4().hex[:8]}", "purpose": "passengers of flight CA1",
    }  # fmt: skip
    decided("health.import_list", facts, 2)


def traced(person: Person) -> None:
    make_gate(f"Market {uuid.uuid4().hex[:6]}").verify(person.code())
    evidence = positive(person)
    facts: dict[str, object] = {
        "subject": str(person.subject_id), "evidence": evidence, "minutes": 15,
        "case_ref": f"HZ-{uuid.uuid4().hex[:8]}", "purpose": "CASE_CONTACTS",
        "begins_at": (clock.now() - timedelta(days=1)).isoformat(),
        "ends_at": clock.now().isoformat(),
    }  # fmt: skip
    decided("health.trace_contacts", facts, 2)


def found_ill(person: Person) -> None:
    record_finding(
        subject_id=person.subject_id, kind=EvidenceKind.CASE_OPEN, observed_at=clock.now(),
        payload={}, maker="mia", checkers=("carl",), approval_id=uuid.uuid4(),
    )  # fmt: skip
    settle()


def looked_at(person: Person) -> None:
    name = f"reader-{uuid.uuid4().hex[:6]}"
    views = ("health_subjects.view_subject", "health_decisions.view_head")
    client = Client()
    client.force_login(User.objects.get(pk=make_operator(name, *views).pk))
    for page in ("health_subjects/subject", "health_decisions/head"):
        assert client.get(f"/admin/{page}/{person.subject_id}/change/").status_code == 200


def moved(person: Person) -> None:
    person.declare(key=uuid.uuid4().hex, region=("420100", "330100")[uuid.uuid4().int % 2])
    settle()


def placed(person: Person) -> None:
    if not Laboratory.objects.exists():
        make_laboratory()
    number = uuid.uuid4().hex[:8]
    receive_report(signed=signed(observation(Person(), identifier=[{"value": number}])))
    row = QuarantinedReport.objects.get()
    decided("health.place_report", {"report": str(row.id), "subject": str(person.subject_id)}, 1)


ACTS: tuple[Callable[[Person], None], ...] = (
    by_hand, several, listed, traced, found_ill, looked_at, moved, placed,
)  # fmt: skip


def traces_of(*names: uuid.UUID) -> list[str]:
    content = whole_database()
    return [name for row in names for name in (str(row), row.hex) if name in content]


@pytest.mark.slow
class NothingLeft(TransactionTestCase):
    @settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
    @given(acts=st.lists(st.sampled_from(ACTS), min_size=1, max_size=4), end=st.booleans())
    def test_no_subject_id_is_left_after_erasure_or_the_end(
        self, acts: list[Callable[[Person], None]], end: bool
    ) -> None:
        person = make_person()
        for act in acts:
            act(person)
        names = list(Subject.objects.values_list("id", flat=True))
        assert traces_of(person.subject_id)
        if end:
            end_programme(actor="operator:test", purpose="it is over")
            assert traces_of(*names) == []
        else:
            erase_person(subject_id=person.subject_id, actor="subject", purpose="on request")
            settle()
            assert traces_of(person.subject_id) == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("end", [False, True])
def test_nothing_is_left_of_somebody_to_whom_everything_happened(end: bool) -> None:
    person = full_life()
    person.declare()
    for act in ACTS:
        act(person)
    names = list(Subject.objects.values_list("id", flat=True))
    assert traces_of(person.subject_id)
    if end:
        end_programme(actor="operator:test", purpose="it is over")
        assert traces_of(*names) == []
    else:
        erase_person(subject_id=person.subject_id, actor="subject", purpose="on request")
        settle()
        assert traces_of(person.subject_id) == []
