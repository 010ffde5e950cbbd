"""Train a model on a simulated world and measure it on a later period."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from wallet.risk.rules import judge
from wallet.risk.rules.scoring import NAMES, LibraryMissing, Model, array, library
from wallet.risk.simulator.dataset import Periods, Row
from wallet.risk.simulator.scripts import SCRIPTS
from wallet.risk.values import UNLISTED, Decision, RuleSet, Stage

ALERT_BUDGET = 0.005
# The threshold is set for less than the budget on the period before: the next one differs.
TUNED_FOR = 0.002
TREES, LEAVES, LEAST_IN_LEAF = 120, 15, 10
BINS = 10
NOT_LISTED = dict.fromkeys(("payer_list", "payee_list", "device_list"), UNLISTED)


@dataclass(frozen=True, slots=True)
class Trained:
    """A model's text and threshold, and the bins of its features when it was trained."""

    text: str
    threshold: float
    reference: Mapping[str, Any]


def train(periods: Periods, *, seed: int) -> Trained:
    """Fit gradient-boosted trees on the first period; set the threshold on the second.

    Raises:
        LibraryMissing: LightGBM is not installed.
    """
    lightgbm = library()
    if lightgbm is None:
        raise LibraryMissing()
    data = lightgbm.Dataset(
        array([row.numbers for row in periods.train]),
        label=[int(row.is_fraud) for row in periods.train],
        feature_name=list(NAMES),
    )
    booster = lightgbm.train(
        {
            "objective": "binary",
            "num_leaves": LEAVES,
            "min_data_in_leaf": LEAST_IN_LEAF,
            "learning_rate": 0.08,
            "feature_fraction": 0.8,
            "lambda_l2": 2.0,
            "seed": seed,
            "deterministic": True,
            "force_row_wise": True,
            "num_threads": 1,
            "verbosity": -1,
        },
        data,
        num_boost_round=TREES,
    )
    scores = raw_scores(booster, periods.tune)
    honest = sorted(s for s, row in zip(scores, periods.tune, strict=True) if not row.is_fraud)
    threshold = honest[int(len(honest) * (1 - TUNED_FOR))]
    return Trained(
        text=booster.model_to_string(),
        threshold=min(max(threshold, 1e-6), 1 - 1e-6),
        reference=bins_of(periods.train),
    )


def raw_scores(booster: Any, rows: Sequence[Row]) -> list[float]:
    """A booster's own scores of many rows."""
    numbers = array([row.numbers for row in rows])
    return [float(s) for s in booster.predict(numbers, num_threads=1)]


def measure(rules: RuleSet, model: Model | None, rows: Sequence[Row]) -> dict[str, Any]:
    """What the rules, with the model or without, catch of a later period.

    Returns per script the episodes and movements caught, the share of honest movements
    alerted, PR-AUC and recall at 0.5 % alerts. Without a model the score is the rules'.
    """
    scores = model.scores([row.features for row in rows]) if model else [None] * len(rows)
    alerts, ranks = [], []
    for row, score in zip(rows, scores, strict=True):
        verdict = judge(
            rules,
            Stage.AFTER,
            {**NOT_LISTED, **row.features, "model_score": score},
            movement=row.movement,
            degraded=() if model else ("model",),
        )
        alerts.append(verdict.decision is not Decision.ACCEPT)
        ranks.append(score if score is not None else verdict.score / 100)
    frauds = [row.is_fraud for row in rows]
    false = sum(1 for alert, fraud in zip(alerts, frauds, strict=True) if alert and not fraud)
    budget = int(len(rows) * ALERT_BUDGET)
    order = sorted(range(len(rows)), key=lambda at: (-ranks[at], at))
    top = sum(frauds[at] for at in order[:budget])
    return {
        "movements": len(rows),
        "frauds": sum(frauds),
        "pr_auc": round(average_precision(ranks, frauds), 4),
        "recall_at_half_percent_alerts": round(top / sum(frauds), 4),
        "highest_possible_recall_at_half_percent": round(min(1.0, budget / sum(frauds)), 4),
        "false_alert_share": round(false / frauds.count(False), 5),
        "scripts": {name: _caught(name, rows, alerts) for name in SCRIPTS},
    }


def average_precision(scores: Sequence[float], labels: Sequence[bool]) -> float:
    """The area under the precision-recall curve, ties taken together."""
    pairs = sorted(zip(scores, labels, strict=True), key=lambda pair: -pair[0])
    positives, seen, area, at = 0, 0, 0.0, 0
    while at < len(pairs):
        end = at
        while end < len(pairs) and pairs[end][0] == pairs[at][0]:
            end += 1
        new = sum(label for _, label in pairs[at:end])
        positives, seen, at = positives + new, end, end
        area += new * positives / seen
    return area / max(1, positives)


def bins_of(rows: Sequence[Row]) -> dict[str, Any]:
    """Each feature's deciles, and how its values fall into them: what drift is held against."""
    columns = zip(*(row.numbers for row in rows), strict=True)
    reference = {}
    for name, column in zip(NAMES, columns, strict=True):
        values = sorted(value for value in column if value == value)
        if values:
            edges = sorted({values[len(values) * n // BINS] for n in range(1, BINS)})
            reference[name] = {"edges": edges, "shares": shares_in(edges, values)}
    return reference


def shares_in(edges: Sequence[float], values: Sequence[float]) -> list[float]:
    """The share of values in each bin between edges."""
    counts = [0] * (len(edges) + 1)
    for value in values:
        counts[bisect_left(edges, value)] += 1
    return [count / max(1, len(values)) for count in counts]


def _caught(name: str, rows: Sequence[Row], alerts: Sequence[bool]) -> dict[str, Any]:
    own = [(row, alert) for row, alert in zip(rows, alerts, strict=True) if row.script == name]
    episodes = {row.episode for row, _ in own}
    caught = {row.episode for row, alert in own if alert}
    return {
        "episodes": len(episodes),
        "caught": len(caught),
        "movements": len(own),
        "alerted": sum(alert for _, alert in own),
    }
