"""Finding subjects; sealed identities opened for those who may."""

import hashlib
import hmac
import json
import uuid
from datetime import date, datetime
from typing import ClassVar

from config.kernel import keys
from config.kernel.errors import NotFound, NotPermitted
from healthcode.subjects import rules
from healthcode.subjects.models import Device, Guardianship, Subject
from healthcode.subjects.values import DocumentType, Identity, SubjectState

SEAL = "health-identity"


class SubjectUnknown(NotFound):
    """The caller has no health code yet, or the subject does not exist."""

    code: ClassVar[str] = "subject_unknown"
    message: ClassVar[str] = "There is no health code yet: declare your health first."


class GuardianshipMissing(NotPermitted):
    """The caller is neither the subject nor their guardian."""

    code: ClassVar[str] = "guardianship_missing"
    message: ClassVar[str] = "You may not act for this person."


def holder_ref(holder_id: uuid.UUID) -> str:
    """The one-way reference of whoever holds a code; the same for the same holder."""
    return _keyed("health-holder", str(holder_id))


def pseudonym(identity: Identity) -> str:
    """The one-way reference of an identity document."""
    return _keyed("health-pseudonym", rules.canonical(identity))


def _keyed(purpose: str, text: str) -> str:
    return hmac.new(keys.derive(purpose, 32), text.encode(), hashlib.sha256).hexdigest()


def subject_of(holder_id: uuid.UUID) -> Subject:
    """The subject whose code this holder carries.

    Raises:
        SubjectUnknown: they have none.
    """
    found = Subject.objects.filter(
        holder_ref=holder_ref(holder_id), state=SubjectState.ACTIVE
    ).first()
    if found is None:
        raise SubjectUnknown()
    return found


def subject_for(holder_id: uuid.UUID, subject_id: uuid.UUID | None, *, at: datetime) -> Subject:
    """The subject a holder acts for: themselves, or a dependent.

    Raises:
        SubjectUnknown: the holder has no code.
        GuardianshipMissing: another person, and no guardianship in force.
    """
    own = subject_of(holder_id)
    if subject_id is None or subject_id == own.id:
        return own
    guarded = Guardianship.objects.filter(
        guardian=own,
        dependent_id=subject_id,
        dependent__state=SubjectState.ACTIVE,
        valid_until__gt=at,
    ).select_related("dependent")
    found = guarded.first()
    if found is None:
        raise GuardianshipMissing(field="subject_id")
    return found.dependent


def identity_of(subject: Subject) -> Identity | None:
    """The person behind a subject. Callers write an audit record of having looked."""
    if subject.sealed_identity is None:
        return None
    members = json.loads(keys.unseal(bytes(subject.sealed_identity), purpose=SEAL))
    born = members["birth_date"]
    return Identity(
        name=members["name"],
        document_type=DocumentType(members["document_type"]),
        document_number=members["document_number"],
        birth_date=date.fromisoformat(born) if born else None,
        phone=members["phone"],
    )


def live_devices(subject: Subject) -> list[Device]:
    """Devices that have not been revoked, oldest first."""
    return list(subject.devices.filter(revoked_at__isnull=True).order_by("id"))
