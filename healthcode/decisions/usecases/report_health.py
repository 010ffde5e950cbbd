"""A citizen reports: evidence and the decision that follows, in one step."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from config.kernel import clock, identity_proofs, transactions
from config.kernel.ids import uuid7
from healthcode.decisions.authority import Authority, Passage
from healthcode.decisions.models import Decision
from healthcode.decisions.queries import rule_set_in_force
from healthcode.decisions.usecases.change_evidence import Statement, report
from healthcode.decisions.usecases.decide import decide_colour
from healthcode.decisions.usecases.declare_trip import declare_trip
from healthcode.decisions.usecases.register_person import register_person
from healthcode.decisions.usecases.relocate import relocate
from healthcode.decisions.values import Trigger
from healthcode.evidence.values import EvidenceKind, Source
from healthcode.subjects.models import Subject
from healthcode.subjects.queries import subject_for
from healthcode.subjects.rules import canonical, local_day
from healthcode.subjects.values import Identity, IdentityProof


@transactions.atomic_retry
def declare_health(
    *,
    holder_id: uuid.UUID,
    answers: Mapping[str, Any],
    identity: Identity | None = None,
    region: str = "",
    key: str = "",
    subject_id: uuid.UUID | None = None,
    identity_proof: str = "",
    proof: IdentityProof | None = None,
) -> Decision:
    """Take a declaration down and decide. One that says nothing of one's health is none.

    Args:
        holder_id: the wallet user; kept only as a keyed reference.
        answers: `temperature_tenths`, `symptoms`, `contact_with_case` and the like.
        identity: at first, or the same again.
        region: where the person lives (GB/T 2260); another one than before is a move.
        key: the client's own name for this declaration; the same is taken once.
        subject_id: the dependent for whom the holder declares.
        identity_proof: the wallet's signed bit, as the client carried it here.
        proof: what else proves the identity; without any it is a claim.

    Raises:
        identity_proofs.IdentityProofInvalid: the bit does not hold for this document.
        register_person's refusals; GuardianshipMissing for somebody who is no dependent.
    """
    if identity is not None and identity_proof:
        document = canonical(identity)
        identity_proofs.check(
            identity_proof, holder_id=holder_id, document=document, at=clock.now()
        )
        proof = IdentityProof.WALLET
    register_person(
        holder_id=holder_id,
        identity=None if subject_id else identity,
        region="" if subject_id else region,
        proof=proof,
    )
    subject = subject_for(holder_id, subject_id, at=clock.now())
    if subject_id and region:
        subject = relocate(subject=subject, region=region)
    if not answers:
        return decide_colour(subject_id=subject.id, trigger=Trigger.EVIDENCE)
    reference = f"declaration:{subject.id}:{key or uuid7()}"
    now = clock.now()
    report(
        authority=Authority(Passage.SELF_REPORT),
        statement=Statement(
            subject_id=subject.id,
            kind=EvidenceKind.DECLARATION,
            source=Source.SELF,
            source_ref=reference,
            observed_at=now,
            payload=answers,
        ),
    )
    if answers.get("contact_with_case"):
        report(
            authority=Authority(Passage.SELF_REPORT),
            statement=Statement(
                subject_id=subject.id,
                kind=EvidenceKind.CONTACT,
                source=Source.SELF,
                source_ref=f"{reference}:contact",
                observed_at=now,
                payload={},
            ),
        )
    return decide_colour(subject_id=subject.id, trigger=Trigger.EVIDENCE)


@transactions.atomic_retry
def check_in(*, subject: Subject, answers: Mapping[str, Any]) -> Decision:
    """Take the daily check-in down and decide; another of the same day replaces nothing.

    A second check-in on one day with the same answers is the first one again.
    """
    now = clock.now()
    unwell = "unwell" if answers.get("symptoms") else "well"
    tenths = answers.get("temperature_tenths", "")
    today = local_day(now, rule_set_in_force(subject.region).zone)
    report(
        authority=Authority(Passage.SELF_REPORT),
        statement=Statement(
            subject_id=subject.id,
            kind=EvidenceKind.DAILY_CHECKIN,
            source=Source.SELF,
            source_ref=f"checkin:{subject.id}:{today}:{unwell}:{tenths}",
            observed_at=now,
            payload=answers,
        ),
    )
    return decide_colour(subject_id=subject.id, trigger=Trigger.EVIDENCE)


@transactions.atomic_retry
def report_trip(
    *, subject: Subject, region: str, arrived_at: datetime, left_at: datetime
) -> Decision:
    """Take a trip down and decide.

    Raises:
        declare_trip's refusals.
    """
    declare_trip(subject=subject, region=region, arrived_at=arrived_at, left_at=left_at)
    return decide_colour(subject_id=subject.id, trigger=Trigger.EVIDENCE)
