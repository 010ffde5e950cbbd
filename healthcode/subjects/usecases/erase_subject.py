"""Forget a person: the row stays, everything about them goes."""

import uuid

from config.kernel import clock, transactions
from config.kernel.audit import chain
from healthcode.subjects.models import Device, Guardianship, Subject
from healthcode.subjects.values import SubjectState


@transactions.atomic_retry
def erase_subject(*, subject_id: uuid.UUID, actor: str, purpose: str) -> Subject:
    """Empty a subject's row and remove devices and guardianships; safe to repeat.

    Slices above remove what they hold before calling this (see `healthcode.public`).

    Raises:
        Subject.DoesNotExist: there is no such subject.

    Locks: the subject.
    """
    subject = Subject.objects.select_for_update().get(id=subject_id)
    if subject.state == SubjectState.ERASED:
        return subject
    Device.objects.filter(subject=subject).delete()
    Device.objects.filter(held_by=subject).delete()
    Guardianship.objects.filter(guardian=subject).delete()
    Guardianship.objects.filter(dependent=subject).delete()
    if subject.pseudonym:
        Guardianship.objects.filter(claim_ref=subject.pseudonym).delete()
    subject.holder_ref = subject.pseudonym = subject.sealed_identity = None
    subject.birth_year = None
    subject.claim_ref = subject.identity_proof = ""
    subject.region = ""
    subject.state = SubjectState.ERASED
    subject.erased_at = clock.now()
    subject.save()
    chain.record(
        action="health.erase", actor=actor, target=f"subject:{subject.id}", purpose=purpose
    )
    return subject
