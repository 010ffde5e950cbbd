"""Decide an appeal: two people, and what was wrong is taken back."""

import uuid

from config.kernel import clock, transactions
from config.kernel.actors import operator_actor
from config.kernel.audit import chain
from healthcode.appeals import queries, rules
from healthcode.appeals.models import Appeal
from healthcode.appeals.values import AppealState, Outcome
from healthcode.decisions import queries as decisions
from healthcode.decisions.authority import Authority, Passage
from healthcode.decisions.models import Notice
from healthcode.decisions.usecases.change_evidence import end_override, retract_all
from healthcode.decisions.usecases.decide import decide_colour
from healthcode.decisions.values import NoticeKind, Trigger


@transactions.atomic_retry
def decide_appeal(
    *,
    appeal_id: uuid.UUID,
    outcome: Outcome,
    text: str,
    maker: str,
    checker: str,
    approval_id: uuid.UUID | None = None,
) -> Appeal:
    """Uphold the decision, or overturn what the shown colour rests on.

    A colour by hand is ended; else all evidence behind the shown colour is taken back, or
    the one piece that the person pointed at. The colour is then decided anew, never set.
    The person is told what changed.

    Raises:
        queries.AppealUnknown: there is no such appeal.
        rules.AppealDecided: it has been decided.
        rules.OutcomeRefused: one and the same person proposes and approves.
        rules.ReviewerColoured: one of the two stands behind the colour.

    Locks: the appeal, then the subject.
    """
    queries.appeal(appeal_id)
    appeal = Appeal.objects.select_for_update().get(id=appeal_id)
    rules.check_undecided(appeal.state)
    if maker == checker:
        raise rules.OutcomeRefused(field="checker")
    rules.check_reviewers((maker, checker), colourers=queries.colourers_of(appeal))
    before = decisions.head_of(appeal.subject_id)
    appeal.state = AppealState(outcome.value)
    appeal.decided_at = clock.now()
    appeal.outcome_text = text
    appeal.maker, appeal.checker = maker, checker
    appeal.save()
    facts: dict[str, object] = {}
    if outcome is Outcome.OVERTURNED:
        authority = Authority(Passage.APPEAL, maker, (checker,), approval_id)
        facts = _overturn(appeal, authority)
        after = decide_colour(subject_id=appeal.subject_id, trigger=Trigger.CORRECTION)
        facts |= {"before": before.decision.colour if before else None, "after": after.colour}
    Notice.objects.create(
        subject_id=appeal.subject_id,
        kind=NoticeKind.CORRECTION_DECIDED,
        at=appeal.decided_at,
        facts={"outcome": outcome.value, "text": text, **facts},
    )
    chain.record(
        action="health.decide_appeal",
        actor=operator_actor(maker),
        target=f"subject:{appeal.subject.alias}",
        purpose=str(appeal.id),
        after={"outcome": outcome.value, "checker": checker, **facts},
    )
    return appeal


def _overturn(appeal: Appeal, authority: Authority) -> dict[str, object]:
    """End the colour by hand, or take back what the shown colour rests on; returns how much.

    Of several colours by hand none is left to show through. One that rested on the piece that
    the person pointed at ends with it.
    """
    overrides = decisions.overrides_in_force(appeal.subject_id, at=clock.now())
    if appeal.evidence_id is None and overrides:
        for override in overrides:
            end_override(authority=authority, override=override)
        return {"override_ended": True, "evidence_taken_back": 0}
    disputed = (
        [appeal.evidence_id]
        if appeal.evidence_id is not None
        else decisions.grounds_of(appeal.subject_id, at=clock.now())
    )
    count = retract_all(
        authority=authority, evidence_ids=disputed, reason=f"correction {appeal.id}"
    )
    left = decisions.overrides_in_force(appeal.subject_id, at=clock.now())
    return {"override_ended": len(left) < len(overrides), "evidence_taken_back": count}


@transactions.atomic_retry
def mark_overdue(*, appeal_id: uuid.UUID) -> bool:
    """Mark an appeal whose time has passed; returns whether it was not marked before."""
    undecided = [AppealState.OPEN, AppealState.UNDER_REVIEW]
    rows = Appeal.objects.filter(id=appeal_id, overdue=False, state__in=undecided)
    return bool(rows.update(overdue=True))
