"""Ask to act for somebody: a child, a parent, a ward."""

import json
from datetime import datetime

from config.kernel import clock, keys, transactions
from config.kernel.audit import chain
from healthcode.subjects import queries, rules
from healthcode.subjects.models import Guardianship, Subject
from healthcode.subjects.values import (
    CLAIM_SEAL,
    OPEN_STATES,
    GuardianshipState,
    Identity,
    Proof,
    Relation,
)


@transactions.atomic_retry
def request_guardianship(
    *,
    guardian: Subject,
    identity: Identity,
    relation: Relation,
    proof: Proof,
    proof_reference: str,
    valid_until: datetime | None = None,
) -> Guardianship:
    """Write down a wish that two operators will decide about.

    The dependent's identity and the proof's number are sealed and go when it is decided.
    The same wish while it is open is the same guardianship.

    Raises:
        rules.DocumentInvalid: the dependent's document number cannot be right.
        rules.GuardianshipRefused: it is about oneself, too long, or one too many.

    Locks: the guardian.
    """
    Subject.objects.select_for_update().get(id=guardian.id)
    rules.check_document(identity.document_type, identity.document_number)
    now = clock.now()
    claim_ref = queries.pseudonym(identity)
    if claim_ref == guardian.pseudonym:
        raise rules.GuardianshipRefused(field="identity", reason="oneself")
    end = rules.guardianship_end(
        relation=relation, born=identity.birth_date, preferred_end=valid_until, at=now
    )
    earlier = _known(guardian, claim_ref)
    if earlier is not None:
        return earlier
    wards = Guardianship.objects.filter(guardian=guardian, state__in=OPEN_STATES).count()
    rules.check_numbers(wards=wards, guardians=0)
    claim = {"identity": queries.members_of(identity), "proof_reference": proof_reference}
    row = Guardianship.objects.create(
        guardian=guardian,
        relation=relation,
        proof=proof,
        claim_ref=claim_ref,
        sealed_claim=keys.seal(json.dumps(claim).encode(), purpose=CLAIM_SEAL),
        created_at=now,
        due_at=now + rules.DECIDED_WITHIN,
        valid_until=end,
    )
    chain.record(
        action="health.request_guardianship", actor="subject", target=f"guardianship:{row.id}"
    )
    return row


def _known(guardian: Subject, claim_ref: str) -> Guardianship | None:
    """The same wish, undecided or granted."""
    rows = Guardianship.objects.filter(guardian=guardian)
    pending = rows.filter(claim_ref=claim_ref, state=GuardianshipState.REQUESTED).first()
    granted = rows.filter(dependent__pseudonym=claim_ref, state__in=OPEN_STATES).first()
    return pending or granted
