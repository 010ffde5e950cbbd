"""Forget a person: nothing about them is left, not even the id of their row."""

import uuid

from config.kernel import transactions
from config.kernel.audit import chain
from healthcode.subjects.models import Device, Guardianship, Subject


@transactions.atomic_retry
def erase_subject(*, subject_id: uuid.UUID, actor: str, purpose: str) -> None:
    """Delete a subject's row with devices and guardianships.

    Slices above remove what they hold before calling this (see `healthcode.public`).

    Raises:
        Subject.DoesNotExist: there is no such subject, or no more.

    Locks: the subject.
    """
    subject = Subject.objects.select_for_update().get(id=subject_id)
    alias = subject.alias
    Device.objects.filter(subject=subject).delete()
    Device.objects.filter(held_by=subject).delete()
    Guardianship.objects.filter(guardian=subject).delete()
    Guardianship.objects.filter(dependent=subject).delete()
    if subject.pseudonym:
        Guardianship.objects.filter(claim_ref=subject.pseudonym).delete()
    subject.delete()
    chain.record(action="health.erase", actor=actor, target=f"subject:{alias}", purpose=purpose)
