"""Finding subjects; sealed identities opened for those who may."""

import hashlib
import hmac
import json
import uuid
from datetime import date, datetime
from typing import Any, ClassVar

from django.db.models import Q, QuerySet

from config.kernel import keys
from config.kernel.errors import NotFound, NotPermitted
from config.kernel.outbox.models import OutboxEvent
from healthcode.subjects import rules
from healthcode.subjects.models import Device, Guardianship, Subject
from healthcode.subjects.values import (
    CLAIM_SEAL,
    IDENTITY_SEAL,
    DocumentType,
    GuardianshipState,
    Identity,
    SubjectState,
)


class SubjectUnknown(NotFound):
    """The caller has no health code yet, or the subject does not exist."""

    code: ClassVar[str] = "subject_unknown"
    message: ClassVar[str] = "There is no health code yet: declare your health first."


class GuardianshipMissing(NotPermitted):
    """The caller is neither the subject nor their guardian."""

    code: ClassVar[str] = "guardianship_missing"
    message: ClassVar[str] = "You may not act for this person."


class GuardianshipUnknown(NotFound):
    """There is no such guardianship, or it is no concern of the caller's."""

    code: ClassVar[str] = "guardianship_unknown"
    message: ClassVar[str] = "There is no such guardianship."


class DeviceUnknown(NotFound):
    """The caller has no such device."""

    code: ClassVar[str] = "device_unknown"
    message: ClassVar[str] = "You have no such device."


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
    subject = Subject.objects.filter(
        holder_ref=holder_ref(holder_id), state=SubjectState.ACTIVE
    ).first()
    if subject is None:
        raise SubjectUnknown()
    return subject


def subject_of_event(event: OutboxEvent, name: str = "subject") -> Subject | None:
    """Whom an event is about; None once they are erased.

    Events from before subjects had aliases name them by id.
    """
    alias = event.payload.get(name)
    if alias is not None:
        return Subject.objects.filter(alias=str(alias)).first()
    return Subject.objects.filter(id=str(event.payload[f"{name}_id"])).first()


def subject_by_document(identity: Identity) -> Subject | None:
    """The living subject of an identity document, or None."""
    return Subject.objects.filter(pseudonym=pseudonym(identity), state=SubjectState.ACTIVE).first()


def subject_for(holder_id: uuid.UUID, subject_id: uuid.UUID | None, *, at: datetime) -> Subject:
    """The subject a holder acts for: themselves, or a dependent.

    Raises:
        SubjectUnknown: the holder has no code.
        GuardianshipMissing: another person, and no guardianship in force.
    """
    own = subject_of(holder_id)
    if subject_id is None or subject_id == own.id:
        return own
    relation = guardianship_over(own.id, subject_id, at=at)
    if relation is None or relation.dependent is None:
        raise GuardianshipMissing(field="subject_id")
    return relation.dependent


def guardianship_over(
    guardian_id: uuid.UUID, dependent_id: uuid.UUID, *, at: datetime
) -> Guardianship | None:
    """The guardianship in force of one over another; its end is exclusive."""
    return (
        Guardianship.objects.filter(
            guardian_id=guardian_id,
            dependent_id=dependent_id,
            dependent__state=SubjectState.ACTIVE,
            state=GuardianshipState.ACTIVE,
            valid_until__gt=at,
        )
        .select_related("dependent")
        .first()
    )


def guardianships_of(subject_id: uuid.UUID) -> QuerySet[Guardianship]:
    """All that concern a person, as guardian or as dependent, newest first."""
    return (
        Guardianship.objects.filter(Q(guardian_id=subject_id) | Q(dependent_id=subject_id))
        .select_related("guardian", "dependent")
        .order_by("-id")
    )


def guardianship(guardianship_id: uuid.UUID) -> Guardianship:
    """A guardianship.

    Raises:
        GuardianshipUnknown: there is none.
    """
    row = Guardianship.objects.filter(id=guardianship_id).first()
    if row is None:
        raise GuardianshipUnknown(field="guardianship")
    return row


def claim_of(row: Guardianship) -> tuple[Identity, str] | None:
    """Whom an undecided guardianship is about and the number of its proof; None once decided."""
    if row.sealed_claim is None:
        return None
    members = json.loads(keys.unseal(bytes(row.sealed_claim), purpose=CLAIM_SEAL))
    return _identity(members["identity"]), str(members["proof_reference"])


def hint_of(subject: Subject | None) -> str:
    """As much of a person's name as others may see."""
    identity = identity_of(subject) if subject else None
    return rules.name_hint(identity.name) if identity else ""


def name_hints(row: Guardianship) -> tuple[str, str]:
    """The guardian's name and the dependent's, as far as they may be shown."""
    claim = claim_of(row)
    dependent = rules.name_hint(claim[0].name) if claim else hint_of(row.dependent)
    return hint_of(row.guardian), dependent


def identity_of(subject: Subject) -> Identity | None:
    """The person behind a subject. Callers write an audit record of having looked."""
    if subject.sealed_identity is None:
        return None
    return _identity(json.loads(keys.unseal(bytes(subject.sealed_identity), purpose=IDENTITY_SEAL)))


def members_of(identity: Identity) -> dict[str, Any]:
    """An identity in JSON's terms, to be sealed."""
    return {
        "name": identity.name,
        "document_type": identity.document_type.value,
        "document_number": identity.document_number,
        "birth_date": identity.birth_date.isoformat() if identity.birth_date else None,
        "phone": identity.phone,
    }


def _identity(members: dict[str, Any]) -> Identity:
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
