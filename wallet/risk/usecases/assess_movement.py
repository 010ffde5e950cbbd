"""Judge a movement in line: before the money moves, on what is cheap to know."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.conf import settings
from django.db import DatabaseError

from wallet.risk.models import RiskDecision
from wallet.risk.queries.current import InForce, in_force
from wallet.risk.queries.windows import read_windows
from wallet.risk.rules import judge
from wallet.risk.rules.catalogue import CATALOGUE, Source, of_source
from wallet.risk.rules.scoring import Model
from wallet.risk.values import (
    Decision,
    Features,
    ListedKind,
    Stage,
    Subject,
    Value,
    Verdict,
)

COOL_OFF_KNOWN = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Assessed:
    """A verdict in line and the features it rests on."""

    verdict: Verdict
    features: Features


def assess_movement(*, subject: Subject, context: Features, at: datetime) -> Assessed:
    """Judge a movement by the rule set in force; writes nothing.

    Only features that a rule names are looked up. Without the model the rules decide alone,
    without counters the limits among them refuse; both mark the verdict degraded. After a
    cool-off that has been waited for, a delay becomes a challenge.

    Args:
        subject: what is to move.
        context: features that the caller has, by name; None for unknown.
        at: now.

    Raises:
        RuleSetUnknown: the setting names no rule set.
    """
    current = in_force()
    needed = current.rules.needed(Stage.INLINE, subject.movement)
    features, degraded = gather(current, subject, needed, context, at)
    verdict = judge(
        current.rules, Stage.INLINE, features, movement=subject.movement, degraded=degraded
    )
    if verdict.decision is Decision.DELAY and cool_off_left(subject, at=at) is None:
        verdict = replace(verdict, decision=Decision.CHALLENGE)
    return Assessed(verdict, features)


def cool_off_left(subject: Subject, *, at: datetime) -> timedelta | None:
    """How long the payer is still to wait with this payee; None once it has been waited for."""
    whole = timedelta(minutes=settings.SAOMA_RISK_COOL_OFF_MIN)
    earlier = RiskDecision.objects.filter(
        payer_id=subject.payer_id,
        payee_id=subject.payee_id,
        stage=Stage.INLINE,
        decision=Decision.DELAY,
        decided_at__gt=at - COOL_OFF_KNOWN,
        decided_at__lte=at,
    ).order_by("decided_at")
    began_at = earlier.values_list("decided_at", flat=True).first()
    if began_at is None:
        return whole
    return None if at >= began_at + whole else began_at + whole - at


def gather(
    current: InForce,
    subject: Subject,
    needed: frozenset[str],
    context: Features,
    at: datetime,
    windows: Features | None = None,
) -> tuple[dict[str, Value], list[str]]:
    """The features that are needed, and what could not be read of them.

    `windows` are those at the movement, where the caller has read them.
    """
    features: dict[str, Value] = {
        name: value for name, value in context.items() if name in needed or name not in CATALOGUE
    }
    features |= {"amount_minor": subject.amount_minor, "movement": subject.movement.value}
    features |= _lists(current, subject, needed)
    degraded: list[str] = []
    wants_model = "model_score" in needed
    if of_source(needed, Source.WINDOW) or (wants_model and current.model):
        windows = _windows(subject, at) if windows is None else windows
        if windows is None:
            degraded.append("counters")
        features |= windows or {}
    if wants_model and current.model is None:
        degraded.append("model")
    elif wants_model and "counters" not in degraded:
        features["model_score"] = _score(current.model, features)
    return features, degraded


def _lists(current: InForce, subject: Subject, needed: frozenset[str]) -> Mapping[str, Value]:
    sides = (
        ("payer_list", ListedKind.PAYER, subject.payer_id),
        ("payee_list", ListedKind.PAYEE, subject.payee_id),
        ("device_list", ListedKind.DEVICE, subject.device_id),
    )
    return {name: current.list_of(kind, who) for name, kind, who in sides if name in needed}


def _windows(subject: Subject, at: datetime) -> Mapping[str, Value] | None:
    try:
        return read_windows(subject, at=at)
    except DatabaseError:
        return None


def _score(model: Model | None, features: Features) -> float | None:
    return model.score(features) if model else None
