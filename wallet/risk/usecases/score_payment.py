"""Score a movement after the fact, with what took too long to know before it."""

from datetime import datetime
from zoneinfo import ZoneInfo

from config.kernel import transactions
from wallet.risk.models import RiskDecision, ShadowVerdict
from wallet.risk.queries.current import InForce, in_force
from wallet.risk.queries.windows import count_movement
from wallet.risk.rules import judge
from wallet.risk.rules.catalogue import MODEL_FEATURES
from wallet.risk.usecases.assess_movement import gather
from wallet.risk.usecases.record_verdict import record_verdict
from wallet.risk.values import Features, RuleSet, Stage, Subject

MODEL_PREFIX = "model:"


@transactions.atomic_retry
def score_payment(*, subject: Subject, paid_at: datetime, zone: str) -> RiskDecision:
    """Judge a movement by the rule set in force and store the decision with its reasons.

    Drafts that run in the shadow and a challenging model are asked too, without effect.
    Scoring the same movement again gives the stored decision.

    Args:
        subject: the movement and its parties.
        paid_at: when the money moved; aware. The history looked at ends here.
        zone: IANA name of the payee's time zone.

    Locks: the case joined, if any.
    """
    earlier = RiskDecision.objects.filter(payment_id=subject.payment_id, stage=Stage.AFTER).first()
    if earlier is not None:
        return earlier
    current = in_force()
    computed = {"local_hour": paid_at.astimezone(ZoneInfo(zone)).hour}
    features, degraded = gather(current, subject, _needed(current, subject), computed, paid_at)
    verdict = judge(
        current.rules, Stage.AFTER, features, movement=subject.movement, degraded=degraded
    )
    explained = current.model is not None and bool(verdict.reasons)
    decision = record_verdict(
        subject=subject,
        verdict=verdict,
        stage=Stage.AFTER,
        features=features,
        decided_at=paid_at,
        contributions=current.model.contributions(features)
        if explained and current.model
        else None,
    )
    _ask_shadows(current, subject, features, decision)
    transactions.on_commit(lambda: count_movement(subject, at=paid_at))
    return decision


def _needed(current: InForce, subject: Subject) -> frozenset[str]:
    sets = (current.rules, *current.shadows)
    names = frozenset[str]().union(*(s.needed(Stage.AFTER, subject.movement) for s in sets))
    return names | frozenset(MODEL_FEATURES) if current.model or current.challenger else names


def _ask_shadows(
    current: InForce, subject: Subject, features: Features, decision: RiskDecision
) -> None:
    for draft in current.shadows:
        _ask(draft, draft.version, subject, features, decision)
    if current.challenger is not None:
        rival = {**features, "model_score": current.challenger.score(features)}
        name = MODEL_PREFIX + current.challenger.version
        _ask(current.rules, name, subject, rival, decision)


def _ask(
    rules: RuleSet, name: str, subject: Subject, features: Features, decision: RiskDecision
) -> None:
    verdict = judge(rules, Stage.AFTER, features, movement=subject.movement)
    ShadowVerdict.objects.get_or_create(
        decision=decision,
        rule_set=name[:32],
        defaults={
            "verdict": verdict.decision,
            "score": verdict.score,
            "reasons": list(verdict.reasons),
        },
    )
