"""Give a holder a subject, and a subject an identity."""

import json
import uuid
from typing import ClassVar

from config.kernel import keys, transactions
from config.kernel.errors import Conflict
from healthcode.subjects import queries, rules
from healthcode.subjects.models import Subject
from healthcode.subjects.programme import require_running
from healthcode.subjects.values import Identity, SubjectState


class DocumentTaken(Conflict):
    """The document already belongs to another holder's code."""

    code: ClassVar[str] = "document_taken"
    message: ClassVar[str] = "This document already has a health code; file a correction."


class IdentityFixed(Conflict):
    """The identity is known and another one is given."""

    code: ClassVar[str] = "identity_fixed"
    message: ClassVar[str] = "The identity of this code is another; file a correction."


@transactions.atomic_retry
def register_subject(
    *, holder_id: uuid.UUID, identity: Identity | None = None, region: str = ""
) -> Subject:
    """Find or make the subject of a holder; fill in an identity that was not known.

    Calling it again with the same identity changes nothing.

    Raises:
        rules.DocumentInvalid: the document number cannot be right.
        DocumentTaken: somebody else's code has this document.
        IdentityFixed: this code's identity is another.
        ProgrammeEnded: there are no codes any more.

    Locks: the subject.
    """
    require_running()
    subject, _ = Subject.objects.select_for_update().get_or_create(
        holder_ref=queries.holder_ref(holder_id),
        defaults={"region": region or "330100"},
    )
    if identity is not None:
        _identify(subject, identity)
    if region and region != subject.region:
        subject.region = region
        subject.save(update_fields=["region"])
    return subject


def _identify(subject: Subject, identity: Identity) -> None:
    rules.check_document(identity.document_type, identity.document_number)
    name = queries.pseudonym(identity)
    if subject.pseudonym == name:
        return
    if subject.pseudonym is not None:
        raise IdentityFixed(field="identity")
    if Subject.objects.filter(pseudonym=name, state=SubjectState.ACTIVE).exists():
        raise DocumentTaken(field="identity.document_number")
    subject.pseudonym = name
    subject.birth_year = identity.birth_date.year if identity.birth_date else None
    subject.sealed_identity = keys.seal(
        json.dumps(queries.members_of(identity)).encode(), purpose=queries.SEAL
    )
    subject.save(update_fields=["pseudonym", "birth_year", "sealed_identity"])


@transactions.atomic_retry
def register_by_desk(*, identity: Identity, region: str = "") -> Subject:
    """Find or make the subject of a document, for somebody without a phone of their own.

    Raises:
        rules.DocumentInvalid: the document number cannot be right.
    """
    require_running()
    rules.check_document(identity.document_type, identity.document_number)
    known = queries.subject_by_document(identity)
    if known is not None:
        return known
    subject = Subject.objects.create(region=region or "330100")
    _identify(subject, identity)
    return subject
