"""Laboratory reports in FHIR R4, read down to what colours anything. Pure.

Observation, DiagnosticReport with its contained results, or a Bundle of them. Where a report
and its result say different things, the weaker word holds: what either takes back is taken
back, what either calls preliminary is. What a device or an AI reads is preliminary, whatever it
calls itself: it can turn a code yellow and call a clinician, never red. A result whose own
interpretation or whose report's conclusion says the opposite is none.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from config.kernel.errors import InvalidRequest
from healthcode.evidence.rules import sampling_moment
from healthcode.evidence.values import EvidenceKind
from healthcode.subjects.rules import ZONE

LOINC, SNOMED = "http://loinc.org", "http://snomed.info/sct"
DOCUMENT_SYSTEM = "urn:saoma:document:"
# Closed lists: what looks for SARS-CoV-2 itself, by its genes or by its proteins. A code that
# is in neither (antibodies, another virus, another disease) is no result that colours.
NAAT_CODES = frozenset(
    {
        "94306-8", "94307-6", "94308-4", "94309-2", "94310-0", "94314-2", "94315-9", "94316-7",
        "94500-6", "94502-2", "94531-1", "94533-7", "94534-5", "94559-2", "94565-9", "94639-2",
        "94640-0", "94641-8", "94642-6", "94643-4", "94660-8", "94756-4", "94757-2", "94759-8",
        "94760-6", "94765-5", "94766-3", "94767-1", "94822-4", "94845-5", "95406-5", "95409-9",
        "95425-5", "95521-1", "95522-9", "95608-6", "95609-4", "95823-1", "95824-9", "96091-4",
        "96123-5", "96448-6", "96763-8", "96765-3", "96797-6", "96829-7", "97098-8", "97104-4",
    }
)  # fmt: skip
ANTIGEN_CODES = frozenset({"94558-4", "95209-3", "96119-3", "97097-0"})
_RESULTS = {
    "260373001": "positive",
    "10828004": "positive",
    "260415000": "negative",
    "260385009": "negative",
}
_WITHDRAWN = frozenset({"entered-in-error", "cancelled"})
_FINAL = frozenset({"final", "amended", "corrected"})
_PRELIMINARY = frozenset({"preliminary", "registered"})
# Elements that may turn what a resource says into its opposite, or into somebody else's.
_TURNING = ("modifierExtension", "implicitRules", "focus")
# What a result is read from; anything else of the same choice would be a second word on it.
_CHOICES = {"value": "valueCodeableConcept", "effective": "effectiveDateTime"}
INTERPRETATION = "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation"
_INTERPRETATIONS = {
    "POS": "positive", "DET": "positive", "A": "positive", "AA": "positive", "H": "positive",
    "NEG": "negative", "ND": "negative", "N": "negative",
}  # fmt: skip
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
# Nobody looked for the virus before.
_FIRST = datetime(2019, 12, 1, tzinfo=UTC)

# A later status outranks an earlier one of the same moment of issue.
_RANKS = {
    status: rank
    for rank, statuses in enumerate(
        ({"registered"}, {"preliminary"}, {"final"}, {"amended", "corrected"}, _WITHDRAWN)
    )
    for status in statuses
}


class ReportUnreadable(InvalidRequest):
    """The report is not FHIR as we take it."""

    code: ClassVar[str] = "report_unreadable"
    message: ClassVar[str] = "The report cannot be read; see the API's description."


@dataclass(frozen=True, slots=True)
class Report:
    """One result about one person.

    Args:
        number: the laboratory's own number of the report, the same in every version.
        digest: of this version.
        status: FHIR's, which orders versions.
        issued_at: when this version was issued, where it says so; which orders them too.
        withdrawn: entered in error: what was said is taken back.
        preliminary: not to be relied upon alone.
        document: type and number of the person's document, normalised later.
        sampled: when the sample was taken, or on which day.
    """

    number: str
    digest: str
    status: str
    issued_at: datetime | None
    withdrawn: bool
    preliminary: bool
    document: tuple[str, str]
    kind: EvidenceKind
    sampled: datetime | date
    result: str

    def observed_at(self, zone: ZoneInfo, *, now: datetime) -> datetime:
        """When the sample was taken; of a day in a region's zone see `sampling_moment`."""
        if isinstance(self.sampled, datetime):
            return self.sampled
        return sampling_moment(self.sampled, self.result, zone=zone, now=now)


def read_report(content: Mapping[str, Any]) -> Report:
    """Read the one result of a report.

    Raises:
        ReportUnreadable: naming the element that is missing or unknown.
    """
    observation, report = _observation(content)
    status = _status(observation, report)
    _check_plain(observation, report)
    document = _document(observation)
    if "subject" in report and _document(report) != document:
        raise ReportUnreadable(field="subject")
    return Report(
        number=_number(observation),
        digest=_digest(content),
        status=status,
        issued_at=_issued_at({**observation, **report}),
        withdrawn=status in _WITHDRAWN,
        preliminary=status in _PRELIMINARY or _is_by_device(content, observation, report),
        document=document,
        kind=_kind(observation),
        sampled=_sampled(_text(observation, "effectiveDateTime")),
        result=_result(observation, report),
    )


def _check_plain(observation: Mapping[str, Any], report: Mapping[str, Any]) -> None:
    """Stop what could turn a result's meaning round, or says that there is none."""
    if any(name in part for part in (observation, report) for name in _TURNING):
        raise ReportUnreadable(field="modifierExtension")
    if "dataAbsentReason" in observation:
        raise ReportUnreadable(field="dataAbsentReason")
    for choice, name in _CHOICES.items():
        if any(re.fullmatch(f"{choice}[A-Z].*", other) for other in observation.keys() - {name}):
            raise ReportUnreadable(field=name)


def is_newer(status: str, issued_at: datetime | None, than: tuple[str, datetime | None]) -> bool:
    """Whether a version of a report comes after another one, whichever arrived first.

    What is preliminary never comes after what is not. Else the moment of issue decides where
    both name theirs, and the status where they do not or the moments are the same; alike in
    both, the one that arrived later is the newer.
    """
    other_status, other_issued_at = than
    is_first, other_is_first = status in _PRELIMINARY, other_status in _PRELIMINARY
    if is_first is not other_is_first:
        return other_is_first
    if issued_at and other_issued_at and issued_at != other_issued_at:
        return issued_at > other_issued_at
    return _RANKS[status] >= _RANKS[other_status]


def _issued_at(observation: Mapping[str, Any]) -> datetime | None:
    if "issued" not in observation:
        return None
    return _moment(_text(observation, "issued"), field="issued")


_Resource = Mapping[str, Any]


def _observation(content: _Resource) -> tuple[_Resource, _Resource]:
    """The one observation of a resource, its contained ones or a bundle's; and its report.

    The report is the diagnostic report that it is contained in, or stands beside in a bundle;
    an empty one where there is none.
    """
    kind = content.get("resourceType")
    if kind == "Observation":
        return content, {}
    if kind == "DiagnosticReport":
        report, rows = content, _resources(content.get("contained"))
    elif kind == "Bundle":
        entries = content.get("entry")
        inner = [row.get("resource") for row in _resources(entries)]
        reports = [
            row for row in _resources(inner) if row.get("resourceType") == "DiagnosticReport"
        ]
        if len(reports) > 1:
            raise ReportUnreadable(field="DiagnosticReport")
        report = reports[0] if reports else {}
        rows = _resources(inner) + _resources(report.get("contained"))
    else:
        raise ReportUnreadable(field="resourceType")
    observations = [row for row in rows if row.get("resourceType") == "Observation"]
    if len(observations) != 1:
        raise ReportUnreadable(field="Observation")
    return observations[0], report


def _resources(rows: object) -> list[_Resource]:
    return [row for row in rows if isinstance(row, Mapping)] if isinstance(rows, list) else []


def _status(observation: _Resource, report: _Resource) -> str:
    """The weaker word of a result and its report: taken back, then preliminary, then final."""
    statuses = [_text(part, "status") for part in (report, observation) if part]
    for status in statuses:
        if status not in _WITHDRAWN | _FINAL | _PRELIMINARY:
            raise ReportUnreadable(field="status")
    for weaker in (_WITHDRAWN, _PRELIMINARY):
        for status in statuses:
            if status in weaker:
                return status
    return statuses[0]


def _text(resource: Mapping[str, Any], name: str) -> str:
    value = resource.get(name)
    if not isinstance(value, str) or not value:
        raise ReportUnreadable(field=name)
    return value


def _first(resource: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    rows = resource.get(name)
    if not isinstance(rows, list) or not rows or not isinstance(rows[0], Mapping):
        raise ReportUnreadable(field=name)
    return rows[0]


def _number(observation: Mapping[str, Any]) -> str:
    number = _text(_first(observation, "identifier"), "value")
    if len(number) > 40 or not number.strip():
        raise ReportUnreadable(field="identifier")
    return number


def _digest(content: Mapping[str, Any]) -> str:
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _is_by_device(content: _Resource, observation: _Resource, report: _Resource) -> bool:
    """Whether either names a device, by any kind of reference, as what has read the sample.

    Inside a resource it is one that is contained, inside a bundle another entry's full address.
    """
    if "device" in observation:
        return True
    performers = [
        row
        for part in (observation, report)
        for name in ("performer", "resultsInterpreter")
        for row in _resources(part.get(name))
    ]
    devices = {
        f"#{row.get('id')}"
        for part in (observation, report)
        for row in _resources(part.get("contained"))
        if row.get("resourceType") == "Device"
    }
    for entry in _resources(content.get("entry")):
        resource = entry.get("resource")
        if isinstance(resource, Mapping) and resource.get("resourceType") == "Device":
            devices.add(str(entry.get("fullUrl")))
    return any(
        str(row.get("type", "")).rpartition("/")[2] == "Device"
        or "Device" in str(row.get("reference", "")).split("/")[:-1]
        or row.get("reference") in devices
        for row in performers
    )


def _document(observation: Mapping[str, Any]) -> tuple[str, str]:
    subject = observation.get("subject")
    identifier = subject.get("identifier") if isinstance(subject, Mapping) else None
    if not isinstance(identifier, Mapping):
        raise ReportUnreadable(field="subject")
    system = _text(identifier, "system")
    if not system.startswith(DOCUMENT_SYSTEM):
        raise ReportUnreadable(field="subject")
    return system.removeprefix(DOCUMENT_SYSTEM), _text(identifier, "value")


def _codes(resource: Mapping[str, Any], name: str, system: str) -> set[str]:
    concept = resource.get(name)
    return _of([concept] if isinstance(concept, Mapping) else [], system)


def _of(concepts: Iterable[Mapping[str, Any]], system: str) -> set[str]:
    """The codes of one system that some concepts have."""
    rows = [row for concept in concepts for row in _resources(concept.get("coding"))]
    return {str(row.get("code")) for row in rows if row.get("system") == system}


def _kind(observation: Mapping[str, Any]) -> EvidenceKind:
    codes = _codes(observation, "code", LOINC)
    for kind, kind_codes in (
        (EvidenceKind.NAAT, NAAT_CODES),
        (EvidenceKind.ANTIGEN, ANTIGEN_CODES),
    ):
        if codes and codes <= kind_codes:
            return kind
    raise ReportUnreadable(field="code")


def _result(observation: Mapping[str, Any], report: Mapping[str, Any]) -> str:
    """What was found; the interpretation and the report's conclusion must not say otherwise."""
    codes = _codes(observation, "valueCodeableConcept", SNOMED)
    results = {_RESULTS.get(code, "") for code in codes}
    # A code that is neither, beside one that is: whoever wrote it was not sure.
    if len(results) != 1 or results == {""}:
        raise ReportUnreadable(field="valueCodeableConcept")
    interpretations = _listed(observation, "interpretation")
    words = {_INTERPRETATIONS.get(code, "") for code in _of(interpretations, INTERPRETATION)}
    if not words <= results:
        raise ReportUnreadable(field="interpretation")
    conclusions = _of([*interpretations, *_listed(report, "conclusionCode")], SNOMED)
    if not {_RESULTS[code] for code in conclusions if code in _RESULTS} <= results:
        raise ReportUnreadable(field="conclusionCode")
    return results.pop()


def _listed(resource: Mapping[str, Any], name: str) -> list[_Resource]:
    return _resources(resource.get(name))


def _sampled(text: str) -> datetime | date:
    moment = _moment(text)
    return date.fromisoformat(text) if _DAY.fullmatch(text) else moment


def _moment(text: str, *, field: str = "effectiveDateTime") -> datetime:
    """A moment; a day is its beginning, and what names no zone is of the programme's."""
    try:
        local_time = datetime.fromisoformat(text)
        local_time = local_time if local_time.tzinfo else local_time.replace(tzinfo=ZONE)
        moment = local_time.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise ReportUnreadable(field=field) from error
    if moment < _FIRST:
        raise ReportUnreadable(field=field)
    return moment
