"""Record a verdict, and open a case where it asks for one."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.conf import settings

from config.kernel import transactions
from config.kernel.outbox import writes as outbox
from wallet.risk.models import RiskCase, RiskDecision
from wallet.risk.usecases.hold_payouts import hold_for
from wallet.risk.values import CaseState, Features, Stage, Subject, Verdict

ACTOR = "system:risk"


@transactions.atomic_retry
def record_verdict(
    *,
    subject: Subject,
    verdict: Verdict,
    stage: Stage,
    features: Features,
    decided_at: datetime,
    contributions: Mapping[str, float] | None = None,
) -> RiskDecision:
    """Store what was decided about a movement and why; the second time changes nothing.

    A verdict that opens a case joins the unresolved case of the same pattern (payer,
    payee, first reason) or opens one and tells of it (`risk.case_opened`). Where a rule
    asks for it, the payee's payouts are held until that case is resolved.

    Locks: the case joined, if any.
    """
    earlier = RiskDecision.objects.filter(payment_id=subject.payment_id, stage=stage).first()
    if earlier is not None:
        return earlier
    decision = build_decision(
        subject=subject,
        verdict=verdict,
        stage=stage,
        features=features,
        decided_at=decided_at,
        contributions=contributions,
    )
    decision.save(force_insert=True)
    return decision


def build_decision(
    *,
    subject: Subject,
    verdict: Verdict,
    stage: Stage,
    features: Features,
    decided_at: datetime,
    contributions: Mapping[str, float] | None = None,
) -> RiskDecision:
    """A decision that the caller saves, its case and the payee's hold written already.

    Args, locks: as `record_verdict`.
    """
    case = _case(subject, verdict, decided_at) if verdict.opens_case else None
    if case is not None and verdict.holds_payout:
        hold_for(case, actor=ACTOR)
    return RiskDecision(
        payment_id=subject.payment_id,
        movement=subject.movement,
        stage=stage,
        decision=verdict.decision,
        score=verdict.score,
        reasons=list(verdict.reasons),
        features=dict(features),
        rule_set=verdict.rule_set,
        degraded=list(verdict.degraded),
        contributions=dict(contributions or {}),
        payer_id=subject.payer_id,
        payee_id=subject.payee_id,
        device_id=subject.device_id,
        amount_minor=subject.amount_minor,
        currency=subject.currency,
        decided_at=decided_at,
        case=case,
    )


def _case(subject: Subject, verdict: Verdict, at: datetime) -> RiskCase:
    """The unresolved case of this pattern, opened now if there is none."""
    reason = verdict.reasons[0]
    case, opened = RiskCase.objects.exclude(state=CaseState.RESOLVED).get_or_create(
        pattern=f"{subject.payer_id}:{subject.payee_id}:{reason}",
        defaults={
            "payer_id": subject.payer_id,
            "payee_id": subject.payee_id,
            "summary": f"{reason.replace('_', ' ')} ({verdict.decision.value.lower()})",
            "opened_at": at,
            "due_at": at + timedelta(hours=settings.SAOMA_RISK_CASE_H),
        },
    )
    if opened:
        outbox.add(
            topic="risk.case_opened",
            aggregate_id=case.id,
            payload={"case_id": str(case.id), "payment_id": str(subject.payment_id)},
        )
    return case
