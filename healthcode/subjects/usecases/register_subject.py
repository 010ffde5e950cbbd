"""Give a holder a subject, and a subject an identity: proven, or merely claimed."""

import json
import uuid
from typing import ClassVar

from django.conf import settings

from config.kernel import clock, keys, transactions
from config.kernel.audit import chain
from config.kernel.errors import Conflict
from config.kernel.outbox import writes as outbox
from healthcode.subjects import queries, rules
from healthcode.subjects.answers import forget_answers
from healthcode.subjects.models import Subject
from healthcode.subjects.programme import require_running
from healthcode.subjects.usecases.register_device import revoke_device
from healthcode.subjects.values import IDENTITY_SEAL, Identity, IdentityProof, SubjectState

# Somebody's identity is proven now: what waited for it can be released.
IDENTIFIED = "health.identified"
# A holder has moved to another subject. What is left of the one before is to be erased, and
# what the other's former holder did for people in their care ends.
ABANDONED = "health.subject_abandoned"


class DocumentTaken(Conflict):
    """The document belongs to another code, and what is offered proves no more than that one."""

    code: ClassVar[str] = "document_taken"
    message: ClassVar[str] = (
        "This document already has a health code. Prove that it is yours: by your wallet's "
        "verified identity, or at a service centre."
    )


class IdentityFixed(Conflict):
    """The identity is known and another one is given."""

    code: ClassVar[str] = "identity_fixed"
    message: ClassVar[str] = "The identity of this code is another; file a correction."


@transactions.atomic_retry
def register_subject(
    *,
    holder_id: uuid.UUID,
    identity: Identity | None = None,
    region: str = "",
    proof: IdentityProof | None = None,
) -> Subject:
    """Find or make the subject of a holder; fill in an identity that was not known.

    `region` is where somebody new lives; who is known moves by `decisions.usecases.relocate`.

    Without a proof an identity is a claim: it sees no evidence about the document and keeps
    nobody out. With one, whoever claimed the document or proved it less well gives way, and
    the holder gets the subject that was made for it at a desk. Again changes nothing.

    Raises:
        rules.DocumentInvalid: the document number cannot be right.
        DocumentTaken: another code has proven this document at least as well.
        IdentityFixed: this code's identity is another.
        ProgrammeEnded: there are no codes any more.

    Locks: the holder's subject, then the one that has the document.
    """
    require_running()
    subject, _ = Subject.objects.select_for_update().get_or_create(
        holder_ref=queries.holder_ref(holder_id),
        defaults={"region": region or "330100"},
    )
    if identity is not None:
        if proof is None and settings.SAOMA_HEALTH_SIMULATED_IDENTITY:
            proof = IdentityProof.SIMULATED
        subject = _identify(subject, identity, proof)
    return subject


def _identify(subject: Subject, identity: Identity, proof: IdentityProof | None) -> Subject:
    rules.check_document(identity.document_type, identity.document_number)
    name = queries.pseudonym(identity)
    if subject.pseudonym == name:
        _strengthen(subject, proof)
        return subject
    if subject.pseudonym is not None:
        raise IdentityFixed(field="identity")
    owner = (
        Subject.objects.select_for_update()
        .filter(pseudonym=name, state=SubjectState.ACTIVE)
        .first()
    )
    if owner is not None:
        return _take_over(owner, subject, proof)
    subject.claim_ref = "" if proof else name
    subject.pseudonym = name if proof else None
    subject.identity_proof = proof or ""
    subject.birth_year = identity.birth_date.year if identity.birth_date else None
    subject.sealed_identity = keys.seal(
        json.dumps(queries.members_of(identity)).encode(), purpose=IDENTITY_SEAL
    )
    subject.save()
    if proof is not None:
        _announce(subject, proof)
    return subject


def _strengthen(subject: Subject, proof: IdentityProof | None) -> None:
    if proof is not None and rules.is_stronger(proof, subject.identity_proof):
        subject.identity_proof = proof
        subject.save(update_fields=["identity_proof"])


def _take_over(owner: Subject, claimant: Subject, proof: IdentityProof | None) -> Subject:
    """Give a proven owner the subject of their document; the holder before loses it whole."""
    by_registry = proof is None or proof is IdentityProof.SIMULATED
    has_holder = owner.holder_ref is not None
    if by_registry or (has_holder and not rules.is_stronger(proof, owner.identity_proof)):
        raise DocumentTaken(field="identity.document_number")
    for device in owner.devices.filter(held_by__isnull=True, revoked_at__isnull=True):
        revoke_device(subject_id=owner.id, device_id=device.id, actor="system:health")
    forget_answers(claimant)
    holder = claimant.holder_ref
    claimant.holder_ref = None
    claimant.save(update_fields=["holder_ref"])
    owner.holder_ref = holder
    owner.identity_proof = proof or ""
    owner.save(update_fields=["holder_ref", "identity_proof"])
    chain.record(
        action="health.claim_identity", actor="subject", target=f"subject:{owner.alias}",
        after={"proof": str(owner.identity_proof), "held_before": has_holder},
    )  # fmt: skip
    outbox.add(
        topic=ABANDONED,
        aggregate_id=claimant.alias,
        payload={
            "subject": str(claimant.alias),
            "owner": str(owner.alias),
            "at": clock.now().isoformat(),
        },
    )
    _announce(owner, proof)
    return owner


def _announce(subject: Subject, proof: IdentityProof | None) -> None:
    outbox.add(
        topic=IDENTIFIED,
        aggregate_id=subject.alias,
        payload={"subject": str(subject.alias), "proof": str(proof or "")},
    )


@transactions.atomic_retry
def register_by_desk(*, identity: Identity, region: str = "") -> Subject:
    """Find or make the subject of a document that an operator has seen with its person.

    Raises:
        rules.DocumentInvalid: the document number cannot be right.
    """
    require_running()
    rules.check_document(identity.document_type, identity.document_number)
    earlier = queries.subject_by_document(identity)
    if earlier is not None:
        return earlier
    subject = Subject.objects.create(region=region or "330100")
    return _identify(subject, identity, IdentityProof.DESK)
