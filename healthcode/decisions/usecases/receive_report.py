"""Take a laboratory's signed report."""

import json
import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ClassVar

from config.kernel import clock, keys, transactions
from config.kernel.errors import NotPermitted, Unauthenticated
from healthcode.codec import cose, jws
from healthcode.codec.errors import CertificateRefused
from healthcode.codec.keys import from_jwk
from healthcode.decisions.fhir import Report, ReportUnreadable, read_report
from healthcode.decisions.models import Alarm, Laboratory, QuarantinedReport
from healthcode.evidence.models import Evidence
from healthcode.evidence.usecases.record_evidence import record_evidence, retract_evidence
from healthcode.evidence.values import Source
from healthcode.subjects.models import Subject
from healthcode.subjects.queries import pseudonym
from healthcode.subjects.rules import normalised_number
from healthcode.subjects.values import DocumentType, Identity, SubjectState

SEAL = "health-quarantine"
QUARANTINE_DAYS = 28
VERIFIED, QUARANTINED, SUPERSEDED = "VERIFIED", "QUARANTINED", "SUPERSEDED"


class LaboratoryUnknown(NotPermitted):
    """No active laboratory signs with this key."""

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

    The colour follows through the outbox. The same version twice is one piece of
    evidence. A positive reading that is preliminary calls a clinician.

    Raises:
        ReportUnreadable: no JWS, or no FHIR as we take it.
        LaboratoryUnknown: nobody registered signs with that key.
        ReportForged: the signature does not hold.
        FromTheFuture: the sample was taken after now.
    """
    laboratory, content = opened(signed)
    report = read_report(content)
    subject = _subject(report)
    if subject is None:
        return _quarantined(laboratory, report, content)
    prefix = f"{laboratory.id}:{report.number}:"
    known = _known(f"{prefix}{report.digest}")
    if known is not None:
        return known
    _retract_others(prefix, report.digest)
    if report.withdrawn:
        return Received(SUPERSEDED)
    preliminary = report.preliminary or laboratory.by_machine
    row = record_evidence(
        subject_id=subject.id,
        kind=report.kind,
        source=Source.LABORATORY,
        source_ref=f"{prefix}{report.digest}",
        observed_at=report.observed_at,
        payload={
            "result": report.result,
            "status": "preliminary" if preliminary else "final",
            "laboratory": laboratory.name,
        },
    )
    if preliminary and report.result == "positive":
        Alarm.objects.get_or_create(kind="CLINICIAN_TASK", facts={"evidence": str(row.id)})
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
        kid=str(parts.header.get("kid", "")), active=True
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


def _subject(report: Report) -> Subject | None:
    kind, number = report.document
    if kind not in set(DocumentType):
        return None
    identity = Identity("", DocumentType(kind), normalised_number(number))
    return Subject.objects.filter(pseudonym=pseudonym(identity), state=SubjectState.ACTIVE).first()


def _known(source_ref: str) -> Received | None:
    """What became of this very version when it came before: a retry changes nothing."""
    row = Evidence.objects.filter(source=Source.LABORATORY, source_ref=source_ref).first()
    if row is None:
        return None
    taken_back = Evidence.objects.filter(retracts=row).exists()
    return Received(SUPERSEDED if taken_back else VERIFIED, row.id)


def _retract_others(prefix: str, digest: str) -> None:
    """Take back every other version of the same report."""
    others = Evidence.objects.filter(
        source=Source.LABORATORY,
        source_ref__startswith=prefix,
        retracts__isnull=True,
        evidence__isnull=True,
    ).exclude(source_ref=f"{prefix}{digest}")
    for row in others:
        retract_evidence(evidence_id=row.id, reason="replaced by a later version")


def _quarantined(laboratory: Laboratory, report: Report, content: dict[str, Any]) -> Received:
    now = clock.now()
    QuarantinedReport.objects.get_or_create(
        laboratory=laboratory,
        number=report.number,
        digest=report.digest,
        defaults={
            "sealed_content": keys.seal(json.dumps(content).encode(), purpose=SEAL),
            "received_at": now,
            "delete_after": now + timedelta(days=QUARANTINE_DAYS),
        },
    )
    return Received(QUARANTINED)
