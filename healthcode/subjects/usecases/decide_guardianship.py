"""Decide about a guardianship, and let the dependent have a word."""

import uuid

from config.kernel import clock, transactions
from config.kernel.actors import operator_actor
from config.kernel.audit import chain
from config.kernel.errors import required
from config.kernel.outbox import writes as outbox
from healthcode.subjects import queries, rules
from healthcode.subjects.models import Guardianship, Subject
from healthcode.subjects.usecases.register_subject import register_by_desk
from healthcode.subjects.values import OPEN_STATES, GuardianshipState, Relation

CHANGED = "health.guardianship_changed"


@transactions.atomic_retry
def approve_guardianship(*, guardianship_id: uuid.UUID, maker: str, checker: str) -> Guardianship:
    """Grant a guardianship on the word of two operators.

    A dependent who holds a code of their own is asked as well before it takes force.
    Only the executor of an approval calls this.

    Raises:
        queries.GuardianshipUnknown: there is none.
        rules.GuardianshipDecided: it has been decided.
        rules.GuardianshipRefused: one and the same operator; a child that is of age by
            now; too many guardians.

    Locks: the guardianship, then the dependent.
    """
    row = _locked(guardianship_id)
    rules.check_requested(row.state)
    if maker == checker:
        raise rules.GuardianshipRefused(field="checker", reason="same_operator")
    identity, _ = required(queries.claim_of(row), "an undecided guardianship has its claim")
    now = clock.now()
    row.valid_until = rules.guardianship_end(
        relation=Relation(row.relation),
        born=identity.birth_date,
        preferred_end=row.valid_until,
        at=now,
    )
    dependent = register_by_desk(identity=identity, region=row.guardian.region)
    dependent = Subject.objects.select_for_update().get(id=dependent.id)
    others = Guardianship.objects.filter(dependent=dependent, state__in=OPEN_STATES)
    rules.check_numbers(wards=0, guardians=others.count())
    row.dependent = dependent
    row.claim_ref, row.sealed_claim = "", None
    row.proposed_by, row.approved_by = maker, checker
    own_phone = dependent.holder_ref is not None
    row.state = GuardianshipState.AWAITING_CONSENT if own_phone else GuardianshipState.ACTIVE
    row.due_at = now + rules.DECIDED_WITHIN if own_phone else row.valid_until
    row.save()
    _tell(row, actor=operator_actor(checker), maker=maker)
    return row


@transactions.atomic_retry
def consent_to_guardianship(*, dependent: Subject, guardianship_id: uuid.UUID) -> Guardianship:
    """Let somebody act for oneself; again changes nothing.

    Raises:
        queries.GuardianshipUnknown: none that waits for this person's word.
        rules.GuardianshipDecided: it is over.

    Locks: the guardianship.
    """
    row = _locked(guardianship_id)
    if row.dependent_id != dependent.id:
        raise queries.GuardianshipUnknown(field="guardianship")
    if row.state == GuardianshipState.ACTIVE:
        return row
    if row.state != GuardianshipState.AWAITING_CONSENT:
        raise rules.GuardianshipDecided(state=row.state)
    row.state = GuardianshipState.ACTIVE
    row.due_at = row.valid_until
    row.save(update_fields=["state", "due_at"])
    _tell(row, actor="subject")
    return row


@transactions.atomic_retry
def close_guardianship(
    *, guardianship_id: uuid.UUID, state: GuardianshipState, actor: str, purpose: str = ""
) -> Guardianship:
    """End, refuse or let lapse what is open; what is over stays as it is.

    The guardian's phones show the dependent's code no more: a consumer of the event takes
    their passes out of force, and no code was ever good beyond `valid_until`.

    Raises:
        queries.GuardianshipUnknown: there is none.

    Locks: the guardianship.
    """
    row = _locked(guardianship_id)
    if not rules.is_open(row.state):
        return row
    row.state = state
    row.claim_ref, row.sealed_claim = "", None
    row.closed_at, row.closed_by = clock.now(), actor
    row.due_at = row.closed_at + rules.CLOSED_KEPT
    row.save()
    _tell(row, actor=actor, purpose=purpose)
    return row


@transactions.atomic_retry
def end_own_guardianship(*, subject: Subject, guardianship_id: uuid.UUID) -> Guardianship:
    """Let guardian or dependent end it, at any time and without a reason.

    Raises:
        queries.GuardianshipUnknown: none that concerns this person.
    """
    row = _locked(guardianship_id)
    if subject.id not in {row.guardian_id, row.dependent_id}:
        raise queries.GuardianshipUnknown(field="guardianship")
    side = "guardian" if subject.id == row.guardian_id else "dependent"
    return close_guardianship(
        guardianship_id=row.id, state=GuardianshipState.ENDED, actor=f"subject:{side}"
    )


def _locked(guardianship_id: uuid.UUID) -> Guardianship:
    queries.guardianship(guardianship_id)
    return Guardianship.objects.select_for_update().get(id=guardianship_id)


def _tell(row: Guardianship, *, actor: str, maker: str = "", purpose: str = "") -> None:
    chain.record(
        action="health.guardianship",
        actor=actor,
        target=f"guardianship:{row.id}",
        purpose=purpose,
        after={"state": str(row.state), **({"maker": maker} if maker else {})},
    )
    outbox.add(
        topic=CHANGED,
        aggregate_id=row.id,
        payload={"guardianship_id": str(row.id), "state": str(row.state)},
    )
