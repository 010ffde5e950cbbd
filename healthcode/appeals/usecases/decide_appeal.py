"""Decide an appeal: two people, and what was wrong is taken back."""

import uuid

from config.kernel import clock, transactions
from config.kernel.audit import chain
from healthcode.appeals import queries, rules
from healthcode.appeals.models import Appeal
from healthcode.appeals.values import AppealState, Outcome
from healthcode.decisions.models import Notice
from healthcode.decisions.usecases.decide import decide_colour
from healthcode.decisions.values import NoticeKind, Trigger
from healthcode.evidence.usecases.record_evidence import retract_evidence


@transactions.atomic_retry
def decide_appeal(
    *, appeal_id: uuid.UUID, outcome: Outcome, text: str, maker: str, checker: str
) -> Appeal:
    """Uphold the decision, or overturn it by retracting the evidence it rests on.

    Overturning retracts the evidence the person pointed at or, without one, all evidence
    behind the worst reason; the colour is then decided anew, never set. The person is told.

    Raises:
        queries.AppealUnknown: there is no such appeal.
        rules.AppealDecided: it has been decided.
        rules.OutcomeRefused: one and the same person proposes and approves.

    Locks: the appeal, then the subject.
    """
    queries.appeal(appeal_id)
    appeal = Appeal.objects.select_for_update().get(id=appeal_id)
    rules.check_undecided(appeal.state)
    if maker == checker:
        raise rules.OutcomeRefused(field="checker")
    appeal.state = AppealState(outcome.value)
    appeal.decided_at = clock.now()
    appeal.outcome_text = text
    appeal.maker, appeal.checker = maker, checker
    appeal.save()
    if outcome is Outcome.OVERTURNED:
        for evidence_id in _disputed(appeal):
            retract_evidence(evidence_id=evidence_id, reason=f"correction {appeal.id}")
        decide_colour(subject_id=appeal.subject_id, trigger=Trigger.CORRECTION)
    Notice.objects.create(
        subject_id=appeal.subject_id,
        kind=NoticeKind.CORRECTION_DECIDED,
        at=appeal.decided_at,
        facts={"outcome": outcome.value, "text": text},
    )
    chain.record(
        action="health.decide_appeal",
        actor=f"operator:{maker}",
        target=f"subject:{appeal.subject_id}",
        purpose=str(appeal.id),
        after={"outcome": outcome.value, "checker": checker},
    )
    return appeal


def _disputed(appeal: Appeal) -> list[uuid.UUID]:
    if appeal.evidence_id is not None:
        return [appeal.evidence_id]
    reasons = appeal.decision.reasons if appeal.decision else []
    return [uuid.UUID(row) for row in reasons[0]["evidence"]] if reasons else []


@transactions.atomic_retry
def mark_overdue(*, appeal_id: uuid.UUID) -> bool:
    """Mark an appeal whose time has passed; returns whether it was not marked before."""
    undecided = [AppealState.OPEN, AppealState.UNDER_REVIEW]
    rows = Appeal.objects.filter(id=appeal_id, overdue=False, state__in=undecided)
    return bool(rows.update(overdue=True))
