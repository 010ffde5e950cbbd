"""Score movements after the fact, with what took too long to know before them."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from config.kernel import transactions
from wallet.risk.models import RiskDecision, ShadowVerdict
from wallet.risk.queries.current import InForce, in_force
from wallet.risk.queries.windows import count_movement, read_and_count
from wallet.risk.rules import judge
from wallet.risk.rules.catalogue import MODEL_FEATURES
from wallet.risk.usecases.assess_movement import gather
from wallet.risk.usecases.record_verdict import build_decision
from wallet.risk.values import Features, RuleSet, Stage, Subject

MODEL_PREFIX = "model:"


@dataclass(frozen=True, slots=True)
class Moved:
    """A movement to be scored: who and what, when the money moved (aware), in whose zone."""

    subject: Subject
    at: datetime
    zone: str


def score_payment(*, subject: Subject, paid_at: datetime, zone: str) -> RiskDecision:
    """Score one movement; see `score_movements`."""
    return score_movements([Moved(subject, paid_at, zone)])[0]


@transactions.atomic_retry
def score_movements(moves: Sequence[Moved]) -> list[RiskDecision]:
    """Judge movements by the rule set in force and store the decisions with their reasons.

    Drafts that run in the shadow and a challenging model are asked too, without effect.
    Each is judged by the history before it, earlier ones of these movements included.
    Scoring the same movement again gives the stored decision.

    Args:
        moves: the movements, in the order in which they are to be judged.

    Locks: the cases joined, if any.
    """
    ids = [moved.subject.payment_id for moved in moves]
    stored = RiskDecision.objects.filter(payment_id__in=ids, stage=Stage.AFTER)
    decisions = {decision.payment_id: decision for decision in stored}
    new_moves = {moved.subject.payment_id: moved for moved in moves}
    new_moves = {key: moved for key, moved in new_moves.items() if key not in decisions}
    windows = read_and_count([(moved.subject, moved.at) for moved in new_moves.values()])
    if windows is not None:
        decisions |= _decide(list(new_moves.values()), windows)
    else:
        # The history is in the database: each decision is there before the next looks.
        for moved in new_moves.values():
            decisions |= _decide([moved], [None])
            transactions.on_commit(partial(count_movement, moved.subject, at=moved.at))
    return [decisions[payment_id] for payment_id in ids]


def _decide(
    moves: Sequence[Moved], windows: Sequence[Features | None]
) -> dict[uuid.UUID, RiskDecision]:
    current = in_force()
    decisions, shadows = {}, []
    for moved, windows_then in zip(moves, windows, strict=True):
        decision, features = _judged(current, moved, windows_then)
        decisions[moved.subject.payment_id] = decision
        shadows += _shadows(current, moved.subject, features, decision)
    RiskDecision.objects.bulk_create(decisions.values())
    ShadowVerdict.objects.bulk_create(shadows)
    return decisions


def _judged(
    current: InForce, moved: Moved, windows: Features | None
) -> tuple[RiskDecision, Features]:
    subject = moved.subject
    computed = {"local_hour": moved.at.astimezone(ZoneInfo(moved.zone)).hour}
    needed = _needed(current, subject)
    features, degraded = gather(current, subject, needed, computed, moved.at, windows)
    verdict = judge(
        current.rules, Stage.AFTER, features, movement=subject.movement, degraded=degraded
    )
    explained = current.model is not None and bool(verdict.reasons)
    decision = build_decision(
        subject=subject,
        verdict=verdict,
        stage=Stage.AFTER,
        features=features,
        decided_at=moved.at,
        contributions=current.model.contributions(features)
        if explained and current.model
        else None,
    )
    return decision, features


def _needed(current: InForce, subject: Subject) -> frozenset[str]:
    sets = (current.rules, *current.shadows)
    names = frozenset[str]().union(*(s.needed(Stage.AFTER, subject.movement) for s in sets))
    return names | frozenset(MODEL_FEATURES) if current.model or current.challenger else names


def _shadows(
    current: InForce, subject: Subject, features: Features, decision: RiskDecision
) -> list[ShadowVerdict]:
    shadows = [
        _shadow(draft, draft.version, subject, features, decision) for draft in current.shadows
    ]
    if current.challenger is not None:
        rival = {**features, "model_score": current.challenger.score(features)}
        name = MODEL_PREFIX + current.challenger.version
        shadows.append(_shadow(current.rules, name, subject, rival, decision))
    return shadows


def _shadow(
    rules: RuleSet, name: str, subject: Subject, features: Features, decision: RiskDecision
) -> ShadowVerdict:
    verdict = judge(rules, Stage.AFTER, features, movement=subject.movement)
    return ShadowVerdict(
        decision=decision,
        rule_set=name[:32],
        verdict=verdict.decision,
        score=verdict.score,
        reasons=list(verdict.reasons),
    )
