"""Register somebody, and let what is known of them already count at once."""

import uuid

from config.kernel import transactions
from healthcode.decisions.authority import Authority, Passage
from healthcode.decisions.usecases.change_evidence import Statement, report
from healthcode.decisions.usecases.release_quarantine import release_quarantine
from healthcode.decisions.usecases.relocate import relocate
from healthcode.decisions.usecases.restore_stub import restore_stubs
from healthcode.evidence.models import Evidence
from healthcode.evidence.values import EvidenceKind, Source
from healthcode.subjects.models import Subject
from healthcode.subjects.queries import holder_ref
from healthcode.subjects.usecases.register_subject import register_subject
from healthcode.subjects.values import Identity, IdentityProof, SubjectState


@transactions.atomic_retry
def register_person(
    *,
    holder_id: uuid.UUID,
    identity: Identity | None = None,
    region: str = "",
    proof: IdentityProof | None = None,
) -> Subject:
    """Register a holder; reports and reasons that waited for them become evidence.

    Who takes a document over brings along what they had said of themselves.

    Raises:
        register_subject's refusals, relocate.MovedTooOften.

    Locks: the holder's subject.
    """
    before = Subject.objects.filter(
        holder_ref=holder_ref(holder_id), state=SubjectState.ACTIVE
    ).first()
    subject = register_subject(holder_id=holder_id, identity=identity, region=region, proof=proof)
    if before is not None and before.id != subject.id:
        _bring_along(before, subject)
    admit(subject=subject)
    return relocate(subject=subject, region=region) if region else subject


@transactions.atomic_retry
def admit(*, subject: Subject) -> int:
    """Let what waited for a person count; returns how much did. Again finds nothing."""
    return restore_stubs(subject=subject) + release_quarantine(subject=subject)


def _bring_along(former: Subject, subject: Subject) -> None:
    """Take over what somebody reported before their identity was proven."""
    rows = Evidence.objects.filter(
        subject=former, source=Source.SELF, retracts__isnull=True, evidence__isnull=True
    ).exclude(kind=EvidenceKind.RELOCATION)
    for row in rows.order_by("id"):
        report(
            authority=Authority(Passage.RETURN),
            statement=Statement(
                subject_id=subject.id,
                kind=EvidenceKind(row.kind),
                source=Source.SELF,
                source_ref=f"brought:{row.id}",
                observed_at=row.observed_at,
                payload=row.payload,
            ),
        )
