"""Laboratories' signed reports: believed, replaced, quarantined, refused."""

import copy
import uuid
from datetime import timedelta
from typing import Any

import pytest
from rest_framework.test import APIClient

from config.kernel import clock
from config.kernel.audit.models import AuditEvent
from healthcode.decisions.fhir import INTERPRETATION, SNOMED, ReportUnreadable, read_report
from healthcode.decisions.models import Alarm, Head, Laboratory, Notice, QuarantinedReport
from healthcode.decisions.usecases.receive_report import (
    LaboratoryUnknown,
    ReportForged,
    receive_report,
)
from healthcode.decisions.usecases.sign_off_reading import sign_off_at_desk
from healthcode.evidence.models import Evidence
from healthcode.evidence.rules import FromTheFuture
from healthcode.subjects.rules import ZONE, local_day, start_of_day
from tests.factories.health import Person, later, make_person, settle
from tests.factories.reports import observation, signed
from tests.factories.sources import make_laboratory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def person() -> Person:
    """Somebody green, and a laboratory."""
    make_laboratory()
    return make_person()


def send(content: Any) -> str:
    state = receive_report(signed=signed(content)).state
    settle()
    return state


def colour() -> str:
    return str(Head.objects.get().decision.colour)


def test_a_final_positive_of_a_laboratory_is_red_and_twice_is_once(person: Person) -> None:
    content = observation(person)
    assert [send(content), send(content)] == ["VERIFIED", "VERIFIED"]
    assert (colour(), Evidence.objects.filter(source="laboratory").count()) == ("RED", 1)


def test_an_ai_reading_is_yellow_and_calls_a_clinician(person: Person) -> None:
    reading = observation(person, performer=[{"reference": "Device/ct-1"}])
    send(reading)
    assert (colour(), Alarm.objects.get().kind) == ("YELLOW", "CLINICIAN_TASK")
    later(minutes=5)
    send(observation(person, "260415000", identifier=[{"value": "R-2"}]))
    assert colour() == "GREEN"


def test_a_machines_laboratory_is_preliminary_whatever_it_says(person: Person) -> None:
    Laboratory.objects.update(by_machine=True)
    send(observation(person))
    assert colour() == "YELLOW"


@pytest.mark.parametrize("status", ["entered-in-error", "amended"])
def test_a_withdrawn_or_amended_positive_gives_the_colour_back(person: Person, status: str) -> None:
    content = observation(person)
    send(content)
    result = "260415000" if status == "amended" else "260373001"
    send({**observation(person, result), "status": status})
    assert colour() == "GREEN"
    assert send(content) in {"VERIFIED", "SUPERSEDED"}
    assert colour() == "GREEN"


def test_a_report_in_a_bundle_or_a_diagnostic_report_is_read(person: Person) -> None:
    inner = observation(person)
    bundle = {"resourceType": "Bundle", "entry": [{"resource": inner}, {"resource": {}}]}
    assert send(bundle) == "VERIFIED"
    whole = {"resourceType": "DiagnosticReport", "status": "preliminary", "contained": [inner]}
    assert read_report(whole).preliminary is True


def test_a_report_about_nobody_we_know_waits_in_quarantine(person: Person) -> None:
    stranger = observation(person)
    stranger["subject"]["identifier"]["value"] = "X0000000"
    for _ in range(2):
        assert send(stranger) == "QUARANTINED"
    odd = copy.deepcopy(stranger)
    odd["subject"]["identifier"]["system"] = "urn:saoma:document:77"
    assert send(odd) == "QUARANTINED"
    assert QuarantinedReport.objects.count() == 2
    assert b"X0000000" not in bytes(QuarantinedReport.objects.all()[0].sealed_content)
    assert colour() == "GREEN"
    make_person()
    later(days=29)
    assert QuarantinedReport.objects.count() == 0


def test_strangers_and_forgers_are_refused(person: Person) -> None:
    content = observation(person)
    with pytest.raises(LaboratoryUnknown):
        receive_report(signed=signed(content, kid="other"))
    with pytest.raises(ReportForged):
        receive_report(signed=signed(content, key="forger"))
    with pytest.raises(ReportForged):
        receive_report(signed=signed(content, alg="none"))
    with pytest.raises(ReportUnreadable):
        receive_report(signed="no.jws")


def test_a_sample_from_the_future_is_refused(person: Person) -> None:
    tomorrow = (clock.now() + timedelta(days=1)).isoformat()
    with pytest.raises(FromTheFuture):
        send(observation(person, effectiveDateTime=tomorrow))


@pytest.mark.parametrize(
    "changes",
    [
        {"resourceType": "Patient"},
        {"resourceType": "Bundle"},
        {"resourceType": "Bundle", "entry": [7]},
        {"resourceType": "DiagnosticReport"},
        {"status": "unknown"},
        {"status": None},
        {"identifier": []},
        {"identifier": [{"value": "9" * 41}]},
        {"subject": None},
        {"subject": {"identifier": {"system": "urn:other", "value": "1"}}},
        {"code": {}},
        {"effectiveDateTime": "May"},
        {"valueCodeableConcept": {"coding": [{"system": "x", "code": "260373001"}]}},
    ],
)
def test_what_is_no_report_says_which_element_is_missing(
    person: Person, changes: dict[str, Any]
) -> None:
    with pytest.raises(ReportUnreadable) as unreadable:
        read_report({**observation(person), **changes})
    assert unreadable.value.field


# ---- sign-off ------------------------------------------------------------------------------


def reading(person: Person) -> Evidence:
    """What an AI has seen on a scan."""
    send(observation(person, status="preliminary"))
    return Evidence.objects.get(source="laboratory")


def sign_off(row: Evidence, result: str = "positive", **content: Any) -> Any:
    body = {"signoff": signed({"evidence": str(row.id), "result": result, **content})}
    path = f"/api/v1/health/evidence/{row.id}/clinician-signoff"
    answer = APIClient().post(path, body, format="json")
    settle()
    return answer


@pytest.mark.parametrize(("result", "expected"), [("positive", "RED"), ("negative", "GREEN")])
def test_what_a_clinician_signs_off_is_final_and_the_task_is_done(
    person: Person, result: str, expected: str
) -> None:
    row = reading(person)
    assert colour() == "YELLOW"
    for _ in range(2):
        assert sign_off(row, result).status_code == 201
    assert (colour(), Alarm.objects.get().seen_by) == (expected, "PCR One")
    assert AuditEvent.objects.filter(action="health.sign_off").count() == 1


def test_a_reading_is_signed_off_with_one_result(person: Person) -> None:
    row = reading(person)
    sign_off(row, "negative")
    assert sign_off(row, "positive").json()["code"] == "signed_off_already"
    assert colour() == "GREEN"


def test_a_machine_signs_nothing_off_and_nobody_what_is_not_preliminary(person: Person) -> None:
    row = reading(person)
    assert sign_off(row, "maybe").status_code == 400
    assert sign_off(row, evidence="another").status_code == 400
    Laboratory.objects.update(by_machine=True)
    assert sign_off(row).json()["code"] == "not_a_clinician"
    Laboratory.objects.update(by_machine=False)
    declared = Evidence.objects.get(kind="declaration")
    assert sign_off(declared).status_code == 404


def test_a_version_that_comes_again_after_its_correction_changes_nothing(person: Person) -> None:
    first = observation(person)
    assert send(first) == "VERIFIED"
    later(hours=1)
    assert send(observation(person, "260415000", status="corrected")) == "VERIFIED"
    assert colour() == "GREEN"
    assert send(first) == "SUPERSEDED"
    assert colour() == "GREEN"
    standing = Evidence.objects.filter(
        source="laboratory", retracts__isnull=True, evidence__isnull=True
    )
    assert standing.get().payload["result"] == "negative"


def test_a_positive_that_is_withdrawn_gives_the_colour_back_and_the_person_is_told(
    person: Person,
) -> None:
    send(observation(person))
    assert colour() == "RED"
    later(hours=1)
    send(observation(person, status="entered-in-error"))
    assert colour() == "GREEN"
    told = Notice.objects.filter(kind="COLOUR_CHANGED").order_by("id").last()
    assert told is not None
    assert told.facts == {"before": "RED", "after": "GREEN"}


# ---- codes, versions, numbers ----------------------------------------------------------------


def coded(*codes: str) -> dict[str, Any]:
    return {"coding": [{"system": "http://loinc.org", "code": code} for code in codes]}


@pytest.mark.parametrize(
    "codes",
    [
        ("94563-4",), ("94562-6",), ("94564-2",), ("5195-3",), ("80382-5",), ("92142-9",),
        ("94500-6", "94563-4"), ("94500-6", "94558-4"), (),
    ],
)  # fmt: skip
def test_antibodies_and_other_diseases_are_no_result_that_colours(
    person: Person, codes: tuple[str, ...]
) -> None:
    with pytest.raises(ReportUnreadable) as unreadable:
        send(observation(person, code=coded(*codes)))
    assert unreadable.value.field == "code"
    assert colour() == "GREEN"


@pytest.mark.parametrize(
    ("code", "kind"), [("94500-6", "naat"), ("94534-5", "naat"), ("94558-4", "antigen")]
)
def test_a_code_of_the_closed_lists_says_the_kind_of_test(
    person: Person, code: str, kind: str
) -> None:
    send(observation(person, code=coded(code)))
    assert Evidence.objects.get(source="laboratory").kind == kind


def test_a_preliminary_version_that_comes_late_changes_nothing(person: Person) -> None:
    send(observation(person))
    assert send(observation(person, "260415000", status="preliminary")) == "SUPERSEDED"
    assert colour() == "RED"


def test_versions_are_ordered_by_their_moment_of_issue_and_not_by_arrival(person: Person) -> None:
    early, late = (clock.now() - timedelta(hours=hours) for hours in (3, 1))
    send(observation(person, "260415000", status="corrected", issued=late.isoformat()))
    assert send(observation(person, status="final", issued=early.isoformat())) == "SUPERSEDED"
    assert colour() == "GREEN"


def test_a_withdrawal_that_overtakes_its_report_holds(person: Person) -> None:
    assert send(observation(person, status="entered-in-error")) == "SUPERSEDED"
    assert send(observation(person)) == "SUPERSEDED"
    assert colour() == "GREEN"


def test_a_reports_number_is_matched_whole(person: Person) -> None:
    send(observation(person, identifier=[{"value": "2026:77"}]))
    other = make_person()
    send(observation(other, "260415000", identifier=[{"value": "2026"}]))
    assert Head.objects.get(subject_id=person.subject_id).decision.colour == "RED"


def test_a_withdrawn_reading_takes_its_sign_off_along(person: Person) -> None:
    row = reading(person)
    sign_off(row)
    assert colour() == "RED"
    send(observation(person, status="entered-in-error"))
    assert colour() == "GREEN"


def test_a_report_waits_for_whoever_registers_with_its_document(person: Person) -> None:
    stranger = Person()
    assert send(observation(stranger)) == "QUARANTINED"
    assert send(observation(stranger, "260415000", status="preliminary")) == "QUARANTINED"
    assert stranger.declare().colour == "RED"
    assert not QuarantinedReport.objects.exists()
    assert stranger.declare(key="again").colour == "RED"


def diagnostic(result: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {"resourceType": "DiagnosticReport", "status": "final", "contained": [result], **changes}


def bundle(*resources: dict[str, Any]) -> dict[str, Any]:
    return {"resourceType": "Bundle", "entry": [{"resource": one} for one in resources]}


@pytest.mark.parametrize("weaker", ["preliminary", "entered-in-error"])
def test_the_weaker_word_of_a_report_and_its_result_holds(person: Person, weaker: str) -> None:
    expected = "YELLOW" if weaker == "preliminary" else "GREEN"
    beside = {"resourceType": "DiagnosticReport", "status": weaker}
    for number, content in enumerate(
        (
            diagnostic(observation(person, status=weaker)),
            diagnostic(observation(person), status=weaker),
            bundle(beside, observation(person)),
            bundle(diagnostic(observation(person, status=weaker))),
        )
    ):
        later(minutes=1)
        result = (content.get("contained") or [content["entry"][-1]["resource"]])[0]
        result = (result.get("contained") or [result])[0]
        result["identifier"] = [{"value": f"W-{number}"}]
        send(content)
        assert colour() == expected


@pytest.mark.parametrize(
    "performer",
    [
        {"type": "Device", "display": "an AI"},
        {"type": "http://hl7.org/fhir/StructureDefinition/Device"},
        {"reference": "https://lab.example/fhir/Device/7"},
        {"reference": "Device/7/_history/2"},
        {"reference": "#ai"},
    ],
)
def test_what_a_device_read_is_preliminary_whoever_reports_it(
    person: Person, performer: dict[str, Any]
) -> None:
    read_by: dict[str, Any] = {
        "performer": [performer],
        "contained": [{"resourceType": "Device", "id": "ai"}],
    }
    signed_off = diagnostic(observation(person, **read_by), performer=[{"reference": "Group/1"}])
    for content in (observation(person, **read_by), signed_off):
        assert read_report(content).preliminary
    bundled = bundle(observation(person, performer=[{"reference": "urn:uuid:ai"}]))
    assert not read_report(bundled).preliminary
    bundled["entry"].append({"fullUrl": "urn:uuid:ai", "resource": {"resourceType": "Device"}})
    assert read_report(bundled).preliminary
    assert not read_report(
        observation(person, performer=[{"reference": "Practitioner/Device"}])
    ).preliminary


@pytest.mark.parametrize(
    ("turning", "field"),
    [
        ({"modifierExtension": [{"url": "http://x/negated"}]}, "modifierExtension"),
        ({"focus": [{"reference": "Patient/2"}]}, "modifierExtension"),
        ({"identifier": [{"value": "  "}]}, "identifier"),
        (
            {"interpretation": [{"coding": [{"system": INTERPRETATION, "code": "NEG"}]}]},
            "interpretation",
        ),
        (
            {"interpretation": [{"coding": [{"system": INTERPRETATION, "code": "IND"}]}]},
            "interpretation",
        ),
        (
            {"interpretation": [{"coding": [{"system": SNOMED, "code": "260415000"}]}]},
            "conclusionCode",
        ),
        ({"dataAbsentReason": {"text": "the sample leaked"}}, "dataAbsentReason"),
        ({"valueString": "not detected"}, "valueCodeableConcept"),
        ({"effectivePeriod": {"start": "2020-01-01"}}, "effectiveDateTime"),
        ({"effectiveDateTime": "0001-01-01T00:00:00+14:00"}, "effectiveDateTime"),
        ({"effectiveDateTime": "9999-12-31T23:59:59-14:00"}, "effectiveDateTime"),
    ],
)
def test_what_could_say_something_else_is_not_read(
    person: Person, turning: dict[str, Any], field: str
) -> None:
    for content in (observation(person, **turning), diagnostic(observation(person, **turning))):
        with pytest.raises(ReportUnreadable) as unreadable:
            read_report(content)
        assert unreadable.value.field == field


def test_a_conclusion_of_the_report_must_not_say_the_opposite(person: Person) -> None:
    positive = {"coding": [{"system": SNOMED, "code": "260373001"}]}
    negative = {"coding": [{"system": SNOMED, "code": "260415000"}]}
    word = {"coding": [{"system": INTERPRETATION, "code": "POS"}]}
    inner = observation(person, interpretation=[word])
    assert read_report(diagnostic(inner, conclusionCode=[positive])).result == "positive"
    with pytest.raises(ReportUnreadable):
        read_report(diagnostic(inner, conclusionCode=[positive, negative]))


@pytest.mark.parametrize("by_machine", [True, False])
@pytest.mark.parametrize("result", ["260415000", "260373001"])
def test_what_a_machine_reads_next_takes_back_no_clinicians_word(
    person: Person, by_machine: bool, result: str
) -> None:
    Laboratory.objects.update(by_machine=by_machine)
    first = {} if by_machine else {"status": "preliminary"}
    reading = receive_report(signed=signed(observation(person, **first)))
    assert reading.evidence_id is not None
    sign_off_at_desk(
        evidence_id=reading.evidence_id, result="positive", maker="cleo", checkers=("carl",),
        approval_id=uuid.uuid4(),
    )  # fmt: skip
    settle()
    later(minutes=5)
    again = observation(person, result, issued=clock.now().isoformat(), **first)
    assert (send(again), colour()) == ("SUPERSEDED", "RED")
    assert (send({**again, "status": "entered-in-error"}), colour()) == ("SUPERSEDED", "GREEN")


def test_a_report_finds_its_person_however_the_number_is_typed(person: Person) -> None:
    number = person.identity.document_number
    wide = "".join(chr(ord(letter) + 0xFEE0) for letter in number)
    typed = [wide, f"{number[:4]}\u2013{number[4:]}", f"{number}\u200b", f"\u3000{number.lower()}"]
    for count, value in enumerate(typed):
        content = observation(person, identifier=[{"value": f"N-{count}"}])
        content["subject"]["identifier"]["value"] = value
        assert send(content) == "VERIFIED"
    assert colour() == "RED"


def test_a_result_beside_one_that_is_none_or_about_somebody_else_is_not_read(
    person: Person,
) -> None:
    unsure = observation(person)
    unsure["valueCodeableConcept"]["coding"].append(
        {"system": "http://snomed.info/sct", "code": "419984006"}
    )
    other = {"identifier": {"system": "urn:saoma:document:10", "value": "110101199003078515"}}
    for content in (unsure, diagnostic(observation(person), subject=other)):
        with pytest.raises(ReportUnreadable):
            read_report(content)


@pytest.mark.parametrize("taken", ["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%S%z"])
def test_a_sample_of_today_is_of_today_after_midnight_in_shanghai(
    person: Person, taken: str
) -> None:
    midnight = start_of_day(local_day(clock.now()) + timedelta(days=1))
    later(seconds=int((midnight + timedelta(minutes=75) - clock.now()).total_seconds()))
    at = clock.now().astimezone(ZONE).replace(microsecond=0)
    send(observation(person, effectiveDateTime=at.strftime(taken)))
    assert local_day(Evidence.objects.get(source="laboratory").observed_at) == local_day(at)
    assert colour() == "RED"


def test_a_version_dated_ahead_outranks_nothing(person: Person) -> None:
    ahead = (clock.now() + timedelta(days=400)).isoformat()
    with pytest.raises(FromTheFuture) as refused:
        send(observation(person, issued=ahead))
    assert refused.value.field == "issued"


@pytest.mark.parametrize("status", ["corrected", "entered-in-error"])
def test_a_correction_that_names_nobody_we_know_takes_the_first_version_back(
    person: Person, status: str
) -> None:
    send(observation(person))
    mended = observation(person, status=status)
    mended["subject"]["identifier"]["value"] = "110101199003078515"
    assert send(mended) == "QUARANTINED"
    assert colour() == "GREEN"
