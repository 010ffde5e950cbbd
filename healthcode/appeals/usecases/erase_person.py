"""Erase a person from the health code, on their request."""

import uuid

from config.kernel import transactions
from healthcode.appeals.models import Appeal
from healthcode.decisions import chain
from healthcode.decisions.models import ColourAct, Decision, Head, Notice, Override
from healthcode.decisions.usecases.restore_stub import keep_stub
from healthcode.evidence.models import Evidence
from healthcode.evidence.register import Sums, enter
from healthcode.evidence.usecases.record_evidence import delete_evidence
from healthcode.passes.models import CodeGrant, Pass
from healthcode.passes.usecases.revoke_passes import deny_passes_of
from healthcode.subjects.answers import forget_answers
from healthcode.subjects.models import Subject
from healthcode.subjects.usecases.erase_subject import erase_subject
from healthcode.tracing.models import TraceCase, TraceMatch
from healthcode.verification.models import AccessLogEntry, CheckIn, Inside, Verification


@transactions.atomic_retry
def erase_person(*, subject_id: uuid.UUID, actor: str, purpose: str) -> None:
    """Delete everything known of a subject, its row included.

    While a red reason runs, a sealed stub of it is kept until its end: erasing oneself and
    declaring again is no way to green.

    The audit log keeps that it happened, under a name drawn by lot that leads to nobody. Of
    passes that are out there the hashes of random ids stay on the deny list until they end: no
    gate of ours takes them, with network or without.

    Raises:
        Subject.DoesNotExist: there is no such subject, or no more.

    Locks: the subject.
    """
    subject = Subject.objects.select_for_update().get(id=subject_id)
    keep_stub(subject=subject)
    deny_passes_of(subject_id=subject_id)
    forget_answers(subject)
    Appeal.objects.filter(subject_id=subject_id).delete()
    TraceCase.objects.filter(subject_id=subject_id).update(subject=None, evidence_id=None)
    Verification.objects.filter(subject_id=subject_id).update(subject=None, forget_at=None)
    _delete_chain(subject_id)
    for model in (
        TraceMatch,
        AccessLogEntry,
        CheckIn,
        Inside,
        Pass,
        CodeGrant,
        Notice,
        ColourAct,
        Override,
    ):
        model.objects.filter(subject_id=subject_id).delete()
    about = Evidence.objects.filter(subject_id=subject_id)
    delete_evidence(about.filter(retracts__isnull=False))
    delete_evidence(about)
    erase_subject(subject_id=subject_id, actor=actor, purpose=purpose)


def _delete_chain(subject_id: uuid.UUID) -> None:
    """Delete a subject's decisions, and take their chain off the register."""
    sums = Sums()
    for head in Head.objects.select_related("decision").filter(subject_id=subject_id):
        chain.enter_head(sums, head, sign=-1)
    Head.objects.filter(subject_id=subject_id).delete()
    Decision.objects.filter(subject_id=subject_id).delete()
    enter(sums)
