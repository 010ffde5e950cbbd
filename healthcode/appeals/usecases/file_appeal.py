"""Object to one's colour."""

import uuid
from typing import ClassVar

from config.kernel import clock, transactions
from config.kernel.errors import NotFound
from healthcode.appeals import rules
from healthcode.appeals.models import Appeal
from healthcode.appeals.values import AppealState
from healthcode.decisions import queries as decisions
from healthcode.evidence.models import Evidence
from healthcode.subjects.models import Subject


class EvidenceUnknown(NotFound):
    """There is no such evidence about this person."""

    code: ClassVar[str] = "evidence_unknown"
    message: ClassVar[str] = "There is no such evidence about you."


@transactions.atomic_retry
def file_appeal(*, subject: Subject, grounds: str, evidence_id: uuid.UUID | None = None) -> Appeal:
    """File an appeal against the standing decision, due within a day.

    The same grounds filed again while it is open are the same appeal.

    Raises:
        rules.AppealOpen: another one is open.
        EvidenceUnknown: the evidence it points at is not about this person.

    Locks: the subject.
    """
    Subject.objects.select_for_update().get(id=subject.id)
    pending = Appeal.objects.filter(
        subject=subject, state__in=[AppealState.OPEN, AppealState.UNDER_REVIEW]
    ).first()
    if pending is not None:
        if (pending.grounds, pending.evidence_id) == (grounds, evidence_id):
            return pending
        raise rules.AppealOpen()
    if evidence_id is not None:
        rows = Evidence.objects.filter(id=evidence_id, subject=subject, retracts__isnull=True)
        if not rows.exists():
            raise EvidenceUnknown(field="evidence_id")
    head = decisions.head_of(subject.id)
    now = clock.now()
    return Appeal.objects.create(
        subject=subject,
        decision=head.decision if head else None,
        evidence_id=evidence_id,
        grounds=grounds,
        filed_at=now,
        due_at=now + rules.DUE_IN,
    )
