"""Take a piece of evidence down."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from config.kernel import clock, transactions
from config.kernel.outbox import writes as outbox
from healthcode.evidence import register, rules
from healthcode.evidence.models import Evidence
from healthcode.evidence.values import EvidenceKind, Source, Status
from healthcode.subjects.models import Subject

RECORDED = "health.evidence_recorded"


@transactions.atomic_retry
def record_evidence(
    *,
    subject_id: uuid.UUID,
    kind: EvidenceKind,
    source: Source,
    source_ref: str,
    observed_at: datetime,
    payload: Mapping[str, Any],
    delete_after: datetime | None = None,
) -> Evidence:
    """Record evidence once; the same `source` and `source_ref` give the first row again.

    `delete_after` keeps an end that was set before; by default the kind's retention counts
    from now.

    Raises:
        rules.FromTheFuture: it was observed after now.
    """
    earlier = Evidence.objects.filter(source=source, source_ref=source_ref).first()
    if earlier is not None:
        return earlier
    now = clock.now()
    rules.check_past(observed_at, now=now, field="observed_at")
    status = Status.ASSERTED if source is Source.SELF else Status.VERIFIED
    row = _write(
        subject_id=subject_id,
        kind=kind,
        source=source,
        source_ref=source_ref,
        status=status,
        observed_at=min(observed_at, now),
        recorded_at=now,
        payload=dict(payload),
        delete_after=delete_after or rules.delete_after(kind, observed_at, now),
    )
    _tell(subject_id)
    return row


@transactions.atomic_retry
def retract_evidence(*, evidence_id: uuid.UUID, reason: str) -> Evidence:
    """Take a piece of evidence back; again is the same retraction.

    Raises:
        Evidence.DoesNotExist: there is no such evidence.

    Locks: the evidence.
    """
    row = Evidence.objects.select_for_update().get(id=evidence_id, retracts__isnull=True)
    earlier = Evidence.objects.filter(retracts=row).first()
    if earlier is not None:
        return earlier
    now = clock.now()
    retraction = _write(
        subject_id=row.subject_id,
        kind=row.kind,
        source=row.source,
        source_ref=f"retract:{row.id}",
        status=Status.RETRACTED,
        observed_at=now,
        recorded_at=now,
        payload={"reason": reason},
        retracts=row,
        delete_after=row.delete_after,
    )
    _tell(row.subject_id)
    return retraction


def _write(**columns: Any) -> Evidence:
    """Write a row with its seal, and into the register."""
    row = Evidence(**columns)
    row.seal = register.seal_of(row)
    row.save(force_insert=True)
    register.enter_evidence([row])
    return row


@transactions.atomic_retry
def delete_evidence(rows: QuerySet[Evidence]) -> int:
    """Delete rows whose time has come, off the register too; returns how many.

    Locks: their parts of the register.
    """
    due_rows = list(rows)
    register.enter_evidence(due_rows, sign=-1)
    return Evidence.objects.filter(id__in=[row.id for row in due_rows]).delete()[0]


def _tell(subject_id: uuid.UUID) -> None:
    alias = str(Subject.objects.values_list("alias", flat=True).get(id=subject_id))
    outbox.add(topic=RECORDED, aggregate_id=alias, payload={"subject": alias})
