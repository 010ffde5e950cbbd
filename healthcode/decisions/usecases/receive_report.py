"""Take a laboratory's signed report."""

import json
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ClassVar

from django.db.models import QuerySet

from config.kernel import clock, keys, transactions
from config.kernel.errors import NotPermitted, Unauthenticated
from healthcode.codec import cose, jws
from healthcode.codec.errors import CertificateRefused
from healthcode.codec.keys import from_jwk
from healthcode.decisions.authority import Authority, Passage
from healthcode.decisions.fhir import Report, ReportUnreadable, is_newer, read_report
from healthcode.decisions.models import Alarm, Laboratory, LaboratoryReport, QuarantinedReport
from healthcode.decisions.queries import in_force, rule_set_in_force
from healthcode.decisions.usecases.change_evidence import Statement, retract_all
from healthcode.decisions.usecases.change_evidence import report as report_evidence
from healthcode.decisions.values import CLINICIAN_TASK, QUARANTINE_SEAL
from healthcode.evidence.models import Evidence
from healthcode.evidence.rules import check_past
from healthcode.evidence.values import Source
from healthcode.subjects.models import Subject
from healthcode.subjects.queries import pseudonym
from healthcode.subjects.rules import FIRST_ZONE, normalised_number
from healthcode.subjects.values import DocumentType, Identity, SubjectState

QUARANTINE_DAYS = 28
VERIFIED, QUARANTINED, SUPERSEDED = "VERIFIED", "QUARANTINED", "SUPERSEDED"


class LaboratoryUnknown(NotPermitted):
    """No laboratory whose registration stands signs with this key."""

    code: ClassVar[str] = "laboratory_unknown"
    message: ClassVar[str] = "No registered laboratory signs with this key."


class ReportForged(Unauthenticated):
    """The signature is not the laboratory's."""

    code: ClassVar[str] = "report_forged"
    message: ClassVar[str] = "The report's signature does not hold."


@dataclass(frozen=True, slots=True)
class Received:
    """What became of a report."""

    state: str
    evidence_id: uuid.UUID | None = None


@transactions.atomic_retry
def receive_report(*, signed: str) -> Received:
    """Verify a report, find its person, and record it; newer versions replace older ones.

    Versions are ordered by status and moment of issue, not by arrival. The colour follows
    through the outbox. The same version twice is one piece of evidence. A positive reading
    that is preliminary calls a clinician. A report about nobody we know waits, sealed, for
    whoever registers with that document.

    Raises:
        ReportUnreadable: no JWS, or no FHIR as we take it.
        LaboratoryUnknown: nobody registered signs with that key.
        ReportForged: the signature does not hold.
        FromTheFuture: the sample was taken, or this version issued, after now.

    Locks: the report's newest version.
    """
    laboratory, content = opened(signed)
    report = read_report(content)
    now = clock.now()
    check_past(report.observed_at(FIRST_ZONE, now=now), now=now, field="effectiveDateTime")
    if report.issued_at is not None:
        # A version dated ahead would outrank every correction that follows.
        check_past(report.issued_at, now=now, field="issued")
    subject = _subject(report)
    if subject is None:
        return _quarantined(laboratory, report, content)
    return record_report(laboratory=laboratory, report=report, subject=subject)


@transactions.atomic_retry
def record_report(
    *, laboratory: Laboratory, report: Report, subject: Subject, authority: Authority | None = None
) -> Received:
    """Record a report about a person, unless a newer version of it has come before.

    The laboratory's own word counts, unless operators placed the report (`authority`).

    Raises:
        FromTheFuture: the sample was taken after now.

    Locks: the report's newest version.
    """
    is_newest = _keep_newest(laboratory, report)
    by = authority or Authority(Passage.LABORATORY, laboratory.name)
    reference = f"{laboratory.id}:{report.number}"
    earlier = _known(f"{reference}:{report.digest}")
    if earlier is not None:
        return earlier
    preliminary = report.preliminary or laboratory.by_machine
    is_settled = preliminary and not report.withdrawn and _is_signed_off(reference)
    if not is_newest or is_settled:
        return Received(SUPERSEDED)
    _retract_versions(by, reference)
    if report.withdrawn:
        return Received(SUPERSEDED)
    row = report_evidence(
        authority=by,
        statement=Statement(
            subject_id=subject.id,
            kind=report.kind,
            source=Source.LABORATORY,
            source_ref=f"{reference}:{report.digest}",
            observed_at=report.observed_at(rule_set_in_force(subject.region).zone, now=clock.now()),
            payload={
                "result": report.result,
                "status": "preliminary" if preliminary else "final",
                "laboratory": laboratory.name,
            },
        ),
    )
    if preliminary and report.result == "positive":
        Alarm.objects.get_or_create(kind=CLINICIAN_TASK, facts={"evidence": str(row.id)})
    return Received(VERIFIED, row.id)


def opened(signed: str) -> tuple[Laboratory, dict[str, Any]]:
    """Whose signed statement it is, and what it says.

    Raises:
        ReportUnreadable, LaboratoryUnknown, ReportForged: as they say.
    """
    try:
        parts = jws.parse(signed)
        content = jws.json_object(parts.payload)
    except CertificateRefused as error:
        raise ReportUnreadable(field="report") from error
    laboratory = Laboratory.objects.filter(
        kid=str(parts.header.get("kid", "")), **in_force()
    ).first()
    if laboratory is None:
        raise LaboratoryUnknown(field="report")
    public = from_jwk(laboratory.public_jwk).public
    good = parts.header.get("alg") == "ES256" and cose.is_signature(
        cose.ES256, public, parts.signature, parts.signed_bytes
    )
    if not good:
        raise ReportForged(field="report")
    return laboratory, content


def _document_ref(report: Report) -> str:
    """The keyed hash of the document a report names; empty for a type that we do not know."""
    kind, number = report.document
    if kind not in set(DocumentType):
        return ""
    return pseudonym(Identity("", DocumentType(kind), normalised_number(number)))


def _subject(report: Report) -> Subject | None:
    reference = _document_ref(report)
    rows = Subject.objects.filter(pseudonym=reference, state=SubjectState.ACTIVE)
    return rows.first() if reference else None


def _keep_newest(laboratory: Laboratory, report: Report) -> bool:
    """Note the newest version of a report; returns whether this one is it."""
    now = clock.now()
    version = {
        "digest": report.digest,
        "status": report.status,
        "issued_at": report.issued_at,
        "received_at": now,
        "delete_after": now + timedelta(days=QUARANTINE_DAYS),
    }
    newest, is_new = LaboratoryReport.objects.select_for_update().get_or_create(
        laboratory=laboratory, number=report.number, defaults=version
    )
    if is_new or newest.digest == report.digest:
        return True
    if not is_newer(report.status, report.issued_at, (newest.status, newest.issued_at)):
        return False
    LaboratoryReport.objects.filter(id=newest.id).update(**version)
    return True


def _known(source_ref: str) -> Received | None:
    """What became of this very version when it came before: a retry changes nothing."""
    row = Evidence.objects.filter(source=Source.LABORATORY, source_ref=source_ref).first()
    if row is None:
        return None
    taken_back = Evidence.objects.filter(retracts=row).exists()
    return Received(SUPERSEDED if taken_back else VERIFIED, row.id)


def _standing() -> QuerySet[Evidence]:
    return Evidence.objects.filter(
        source=Source.LABORATORY, retracts__isnull=True, evidence__isnull=True
    )


def _versions(reference: str) -> list[uuid.UUID]:
    """The versions of a report that stand.

    Its number is matched whole: a digest has no colon, a number may.
    """
    rows = _standing().filter(source_ref__startswith=f"{reference}:")
    return [row.id for row in rows if row.source_ref.rpartition(":")[0] == reference]


def _sign_offs(versions: Iterable[uuid.UUID]) -> list[uuid.UUID]:
    """What clinicians have signed off on them."""
    names = [f"signoff:{version}" for version in versions]
    return list(_standing().filter(source_ref__in=names).values_list("id", flat=True))


def _is_signed_off(reference: str) -> bool:
    """Whether a clinician's word stands: a machine's next reading comes after none."""
    return bool(_sign_offs(_versions(reference)))


def _retract_versions(authority: Authority, reference: str) -> None:
    """Take back the versions before, and what clinicians have signed off on them."""
    versions = _versions(reference)
    retract_all(
        authority=authority,
        evidence_ids=[*versions, *_sign_offs(versions)],
        reason="replaced by a later version",
    )


def _quarantined(laboratory: Laboratory, report: Report, content: dict[str, Any]) -> Received:
    now = clock.now()
    if _keep_newest(laboratory, report):
        # An earlier version may have been about somebody else: it is theirs no longer.
        _retract_versions(
            Authority(Passage.LABORATORY, laboratory.name), f"{laboratory.id}:{report.number}"
        )
    QuarantinedReport.objects.get_or_create(
        laboratory=laboratory,
        number=report.number,
        digest=report.digest,
        defaults={
            "pseudonym": _document_ref(report),
            "sealed_content": keys.seal(json.dumps(content).encode(), purpose=QUARANTINE_SEAL),
            "received_at": now,
            "delete_after": now + timedelta(days=QUARANTINE_DAYS),
        },
    )
    return Received(QUARANTINED)
