"""Figures about rules and models: backtest, shadow run, drift. Labels are cases' outcomes."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from wallet.risk.models import PayeeRefund, RiskDecision, RiskModel, ShadowVerdict
from wallet.risk.rules import judge
from wallet.risk.rules.catalogue import model_row
from wallet.risk.rules.history import MONTH, History, Move
from wallet.risk.rules.scoring import NAMES, Model
from wallet.risk.simulator.training import shares_in
from wallet.risk.values import (
    UNLISTED,
    CaseOutcome,
    Decision,
    Features,
    Movement,
    RuleSet,
    Stage,
)

BACKTEST_MAXIMUM = 100_000
DRIFT_MAXIMUM = 20_000
RISKY = frozenset({CaseOutcome.CONFIRMED_RISK.value, CaseOutcome.VALUABLE_ALERT.value})
SMALLEST_SHARE = 1e-4
UNLISTED_FEATURES = {f"{who}_list": UNLISTED for who in ("payer", "payee", "device")}


@dataclass(slots=True)
class Compared:
    """Two sets of verdicts over the same decisions, beside what analysts found.

    `changes` counts by "before → after"; caught and false count labelled decisions alone.
    `cut_at`: of a longer history only what came after it was read.
    """

    decisions: int = 0
    labelled: int = 0
    alerts_before: int = 0
    alerts_after: int = 0
    caught_before: int = 0
    caught_after: int = 0
    false_before: int = 0
    false_after: int = 0
    changes: Counter[str] = field(default_factory=Counter)
    cut_at: datetime | None = None

    def add(self, before: str, after: str, outcome: str) -> None:
        """Count one decision; `outcome` is "" where no analyst has labelled it."""
        self.decisions += 1
        was, now = before != Decision.ACCEPT, after != Decision.ACCEPT
        self.alerts_before += was
        self.alerts_after += now
        if before != after:
            self.changes[f"{before} → {after}"] += 1
        if not outcome:
            return
        self.labelled += 1
        if outcome in RISKY:
            self.caught_before += was
            self.caught_after += now
        else:
            self.false_before += was
            self.false_after += now

    def facts(self) -> dict[str, object]:
        """The figures, for a page."""
        return {
            "decisions": self.decisions,
            "labelled by analysts": self.labelled,
            "alerts, in force → this": f"{self.alerts_before} → {self.alerts_after}",
            "labelled risky and alerted": f"{self.caught_before} → {self.caught_after}",
            "labelled false positive and alerted": f"{self.false_before} → {self.false_after}",
            **{f"changed {change}": count for change, count in self.changes.most_common(10)},
            **({"history read from": self.cut_at.isoformat()} if self.cut_at else {}),
        }


def shadow_report(name: str) -> Compared:
    """What a draft, or `model:<version>`, has said beside the rules in force, label by label."""
    compared = Compared()
    rows = ShadowVerdict.objects.filter(rule_set=name).values_list(
        "decision__decision", "verdict", "decision__case__outcome"
    )
    for before, after, outcome in rows.iterator(chunk_size=2000):
        compared.add(before, after, outcome or "")
    return compared


def backtest(rules: RuleSet, *, since: datetime, until: datetime, model: Model | None) -> Compared:
    """Judge stored movements of a period by other rules, with the history they had then.

    The windows are played again from the stored movements, a month before the period too;
    nothing later than a movement is looked at. Of more than BACKTEST_MAXIMUM movements the
    newest are read.
    """
    rows = RiskDecision.objects.filter(
        stage=Stage.AFTER, decided_at__gt=since - MONTH, decided_at__lte=until
    )
    history, compared = History(), Compared(cut_at=_cut_at(rows))
    if compared.cut_at is not None:
        rows = rows.filter(decided_at__gt=compared.cut_at)
    refunds = list(
        PayeeRefund.objects.filter(at__gt=since - MONTH, at__lte=until)
        .order_by("-at")
        .values_list("at", "payee_id")
    )
    stored = rows.select_related("case").order_by("decided_at", "id")
    for decision in stored.iterator(chunk_size=2000):
        while refunds and refunds[-1][0] <= decision.decided_at:
            at, payee_id = refunds.pop()
            history.add_refund(payee_id, at=at)
        move = _move(decision)
        if decision.decided_at > since:
            features = {**UNLISTED_FEATURES, **decision.features, **history.features(move)}
            if model is not None:
                features["model_score"] = model.score(features)
            verdict = judge(rules, Stage.AFTER, features, movement=Movement(decision.movement))
            outcome = decision.case.outcome if decision.case else ""
            compared.add(decision.decision, verdict.decision, outcome)
        history.add(move)
    return compared


def drift(model: RiskModel, *, since: datetime) -> dict[str, float]:
    """The population stability index of each feature since a moment, largest first.

    Below 0.1 nothing has moved; above 0.25 the model looks at another world than it learnt.
    """
    rows = RiskDecision.objects.filter(stage=Stage.AFTER, decided_at__gt=since)
    features = rows.values_list("features", flat=True)[:DRIFT_MAXIMUM]
    return drift_of(model.reference, features)


def drift_of(reference: Mapping[str, Any], seen: Iterable[Features]) -> dict[str, float]:
    """The population stability index of features against the bins of training."""
    columns = list(zip(*(model_row(each) for each in seen if "movement" in each), strict=True))
    indices = {}
    for name, column in zip(NAMES, columns, strict=False):
        values = [value for value in column if not math.isnan(value)]
        if name in reference and values:
            shares = shares_in(reference[name]["edges"], values)
            indices[name] = round(_psi(reference[name]["shares"], shares), 4)
    return dict(sorted(indices.items(), key=lambda pair: -pair[1]))


def _psi(expected: Iterable[float], actual: Iterable[float]) -> float:
    pairs = zip(expected, actual, strict=True)
    floored = [(max(e, SMALLEST_SHARE), max(a, SMALLEST_SHARE)) for e, a in pairs]
    return sum((a - e) * math.log(a / e) for e, a in floored)


def _cut_at(rows: QuerySet[RiskDecision]) -> datetime | None:
    """The moment before the newest BACKTEST_MAXIMUM rows; None where there are no more."""
    moments = rows.order_by("-decided_at").values_list("decided_at", flat=True)
    return next(iter(moments[BACKTEST_MAXIMUM : BACKTEST_MAXIMUM + 1]), None)


def _move(decision: RiskDecision) -> Move:
    return Move(
        decision.decided_at,
        decision.payer_id,
        decision.payee_id,
        decision.device_id,
        decision.amount_minor,
    )
