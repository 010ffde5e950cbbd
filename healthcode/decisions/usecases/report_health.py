"""A citizen reports: evidence and the decision that follows, in one step."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from config.kernel import clock, transactions
from config.kernel.ids import uuid7
from healthcode.decisions.models import Decision
from healthcode.decisions.usecases.decide import decide_colour
from healthcode.decisions.values import Trigger
from healthcode.evidence.usecases.declare_trip import declare_trip
from healthcode.evidence.usecases.record_evidence import record_evidence
from healthcode.evidence.values import EvidenceKind, Source
from healthcode.rules.facts import local_day
from healthcode.subjects.models import Subject
from healthcode.subjects.queries import subject_for
from healthcode.subjects.usecases.register_subject import register_subject
from healthcode.subjects.values import Identity


@transactions.atomic_retry
def declare_health(
    *,
    holder_id: uuid.UUID,
    answers: Mapping[str, Any],
    identity: Identity | None = None,
    region: str = "",
    key: str = "",
    subject_id: uuid.UUID | None = None,
) -> Decision:
    """Take a declaration down and decide.

    Args:
        holder_id: the wallet user; kept only as a keyed reference.
        answers: `temperature_tenths`, `symptoms`, `contact_with_case` and the like.
        identity: at first, or the same again.
        region: where the person lives (GB/T 2260).
        key: the client's own name for this declaration; the same is taken once.
        subject_id: the dependent for whom the holder declares.

    Raises:
        register_subject's refusals; GuardianshipMissing for somebody who is no dependent.
    """
    subject = register_subject(
        holder_id=holder_id,
        identity=None if subject_id else identity,
        region="" if subject_id else region,
    )
    subject = subject_for(holder_id, subject_id, at=clock.now())
    reference = f"declaration:{subject.id}:{key or uuid7()}"
    now = clock.now()
    record_evidence(
        subject_id=subject.id,
        kind=EvidenceKind.DECLARATION,
        source=Source.SELF,
        source_ref=reference,
        observed_at=now,
        payload=answers,
    )
    if answers.get("contact_with_case"):
        record_evidence(
            subject_id=subject.id,
            kind=EvidenceKind.CONTACT,
            source=Source.SELF,
            source_ref=f"{reference}:contact",
            observed_at=now,
            payload={},
        )
    return decide_colour(subject_id=subject.id, trigger=Trigger.EVIDENCE)


@transactions.atomic_retry
def check_in(*, subject: Subject, answers: Mapping[str, Any]) -> Decision:
    """Take the daily check-in down and decide; another of the same day replaces nothing.

    A second check-in on one day with the same answers is the first one again.
    """
    now = clock.now()
    unwell = "unwell" if answers.get("symptoms") else "well"
    tenths = answers.get("temperature_tenths", "")
    record_evidence(
        subject_id=subject.id,
        kind=EvidenceKind.DAILY_CHECKIN,
        source=Source.SELF,
        source_ref=f"checkin:{subject.id}:{local_day(now)}:{unwell}:{tenths}",
        observed_at=now,
        payload=answers,
    )
    return decide_colour(subject_id=subject.id, trigger=Trigger.EVIDENCE)


@transactions.atomic_retry
def report_trip(
    *, subject: Subject, region: str, arrived_at: datetime, left_at: datetime
) -> Decision:
    """Take a trip down and decide.

    Raises:
        declare_trip's refusals.
    """
    declare_trip(subject=subject, region=region, arrived_at=arrived_at, left_at=left_at)
    return decide_colour(subject_id=subject.id, trigger=Trigger.EVIDENCE)
