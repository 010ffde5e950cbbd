"""A clinician signs off what a device or an AI has read: only then is it final."""

import uuid
from typing import ClassVar

from django.db.models import QuerySet

from config.kernel import transactions
from config.kernel.audit import chain
from config.kernel.errors import Conflict, NotFound, NotPermitted
from healthcode.decisions.authority import Authority, Passage
from healthcode.decisions.fhir import ReportUnreadable
from healthcode.decisions.models import Alarm
from healthcode.decisions.usecases.change_evidence import Statement, report
from healthcode.decisions.usecases.receive_report import opened
from healthcode.decisions.values import CLINICIAN_TASK
from healthcode.evidence.models import Evidence
from healthcode.evidence.values import EvidenceKind, Source

RESULTS = ("positive", "negative")
# In whose name a clinician of the panel signs.
DESK = "Clinicians' desk"


class ReadingUnknown(NotFound):
    """There is no preliminary reading of that id that stands."""

    code: ClassVar[str] = "reading_unknown"
    message: ClassVar[str] = "There is no preliminary reading of that id."


class NotAClinician(NotPermitted):
    """A machine does not sign off what a machine has read."""

    code: ClassVar[str] = "not_a_clinician"
    message: ClassVar[str] = "Only a registered body of people signs off a reading."


class SignedOffAlready(Conflict):
    """Somebody has signed it off, with another result."""

    code: ClassVar[str] = "signed_off_already"
    message: ClassVar[str] = "This reading has been signed off with another result."


@transactions.atomic_retry
def sign_off_reading(*, evidence_id: uuid.UUID, signed: str) -> Evidence:
    """Record the final result of a preliminary reading; the colour follows by the rules.

    `signed` is a compact JWS of `{"evidence": id, "result": "positive" | "negative"}` by a
    registered body that is no machine. Signing off twice alike is signing off once; the
    clinician's task is done with it.

    Raises:
        ReportUnreadable: no JWS, or not about this reading.
        LaboratoryUnknown, ReportForged: from the signature.
        NotAClinician: the key is a machine's.
        ReadingUnknown: nothing preliminary stands under that id.
        SignedOffAlready: with another result.

    Locks: the reading.
    """
    signer, content = opened(signed)
    if signer.by_machine:
        raise NotAClinician(field="signoff")
    result = content.get("result")
    if content.get("evidence") != str(evidence_id) or result not in RESULTS:
        raise ReportUnreadable(field="signoff")
    return _sign_off(
        _locked(evidence_id), str(result), Authority(Passage.CLINICIAN, signer.name), signer.name
    )


@transactions.atomic_retry
def sign_off_at_desk(
    *,
    evidence_id: uuid.UUID,
    result: str,
    maker: str,
    checkers: tuple[str, ...],
    approval_id: uuid.UUID,
) -> Evidence:
    """Record the final result that a clinician has asked for and another operator approved.

    Raises:
        AuthorityRefused: nobody else approved.
        ReadingUnknown, SignedOffAlready: as `sign_off_reading`.

    Locks: the reading.
    """
    authority = Authority(Passage.CLINICIAN_DESK, maker, checkers, approval_id)
    return _sign_off(_locked(evidence_id), result, authority, DESK)


def open_reading(evidence_id: uuid.UUID) -> Evidence:
    """A preliminary reading that stands and waits for its final result.

    Raises:
        ReadingUnknown: there is none of that id.
        SignedOffAlready: its final result is there.
    """
    reading = _standing(Evidence.objects.select_related("subject"), evidence_id)
    if Evidence.objects.filter(source_ref=_reference(reading), source=Source.LABORATORY).exists():
        raise SignedOffAlready(field="evidence_id")
    return reading


def _reference(reading: Evidence) -> str:
    return f"signoff:{reading.id}"


def _sign_off(reading: Evidence, result: str, authority: Authority, body: str) -> Evidence:
    row = report(
        authority=authority,
        statement=Statement(
            subject_id=reading.subject_id,
            kind=EvidenceKind(reading.kind),
            source=Source.LABORATORY,
            source_ref=_reference(reading),
            observed_at=reading.observed_at,
            payload={
                "result": result,
                "status": "final",
                "laboratory": body,
                "confirms": str(reading.id),
            },
        ),
    )
    if row.payload["result"] != result:
        raise SignedOffAlready(field="signoff")
    _done(reading, authority, result)
    return row


def _standing(rows: QuerySet[Evidence], evidence_id: uuid.UUID) -> Evidence:
    reports = rows.filter(id=evidence_id, source=Source.LABORATORY, retracts__isnull=True)
    reading = reports.first()
    if reading is None or reading.payload.get("status") != "preliminary":
        raise ReadingUnknown(field="evidence_id")
    if Evidence.objects.filter(retracts=reading).exists():
        raise ReadingUnknown(field="evidence_id")
    return reading


def _locked(evidence_id: uuid.UUID) -> Evidence:
    return _standing(Evidence.objects.select_for_update(of=("self",)), evidence_id)


def _done(reading: Evidence, authority: Authority, result: str) -> None:
    """The clinician's task is seen to, and who signed is in the audit log."""
    tasks = Alarm.objects.filter(kind=CLINICIAN_TASK, facts__evidence=str(reading.id), seen_by="")
    if not tasks.update(seen_by=authority.name):
        return
    chain.record(
        action="health.sign_off",
        actor=authority.actor,
        target=f"evidence:{reading.id}",
        after={"result": result, "approvers": list(authority.approvers)},
    )
