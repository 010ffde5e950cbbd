"""Risk rules: loading them safely, and judging a payment by them. Pure.

Rules are data. A condition may name only a feature of `FEATURES`, which knows of
payments, payers, payees and devices, and of nothing else: a rule about somebody's
health colour, tests or whereabouts cannot be loaded, so it cannot run (I8).
"""

from collections.abc import Mapping, Sequence
from typing import Any

from config.kernel.errors import InvalidRequest
from wallet.risk.rules.versions import RULE_SETS
from wallet.risk.values import (
    SEVERITY,
    Condition,
    Decision,
    Features,
    Operator,
    Rule,
    RuleSet,
    Stage,
    Value,
    Verdict,
)

SCORE_MAXIMUM = 100

INLINE_FEATURES = frozenset(
    {
        "amount_minor",
        "amount_to_own_mean",
        "amount_to_own_largest",
        "payer_payments",
        "device_known",
        "device_age_h",
        "device_to_payee_60s",
        "device_payments_60s",
        "payee_age_d",
        "pin_given",
    }
)
AFTER_FEATURES = INLINE_FEATURES | {
    "payer_payments_1h",
    "payer_payees_1h",
    "payer_sum_24h_minor",
    "payee_payments_60s",
    "payee_payers_24h",
    "device_payers_30d",
    "first_to_payee",
    "local_hour",
}
FEATURES: Mapping[Stage, frozenset[str]] = {
    Stage.INLINE: INLINE_FEATURES,
    Stage.AFTER: AFTER_FEATURES,
}


class RuleSetUnknown(InvalidRequest):
    """No rule set has that version."""

    code = "rule_set_unknown"
    message = "There is no such version of the risk rules."


class RuleNotAllowed(InvalidRequest):
    """A rule is malformed or names something that risk rules may not look at."""

    code = "rule_not_allowed"
    message = "A risk rule may only look at payments, payers, payees and devices."


def load_rule_set(version: str, data: Mapping[str, Any]) -> RuleSet:
    """Turn a rule set's data into a rule set, refusing what may not be in one.

    Args:
        version: the name it is stored and quoted by.
        data: `review_score` and `rules`; see `wallet.risk.rules.versions`.

    Raises:
        RuleNotAllowed: a feature is not on the list of its stage, an operator,
            decision or stage is unknown, a rule has no condition, or a name occurs twice.
    """
    rules = tuple(_load_rule(entry) for entry in data["rules"])
    names = [rule.name for rule in rules]
    if len(set(names)) != len(names):
        raise RuleNotAllowed(rule_set=version, reason="a name occurs twice")
    return RuleSet(version=version, rules=rules, review_score=int(data["review_score"]))


def rule_set(version: str) -> RuleSet:
    """Give a rule set by version.

    Raises:
        RuleSetUnknown: there is none.
    """
    loaded = _loaded.get(version)
    if loaded is None:
        if version not in RULE_SETS:
            raise RuleSetUnknown(version=version)
        loaded = _loaded[version] = load_rule_set(version, RULE_SETS[version])
    return loaded


def judge(rules: RuleSet, stage: Stage, features: Features) -> Verdict:
    """Judge one payment.

    The strongest decision among the rules that fire wins; at the later stage a score
    of at least `review_score` asks for a review by itself.
    """
    fired = [rule for rule in rules.rules if rule.stage is stage and _fires(rule, features)]
    if not fired:
        return Verdict(Decision.APPROVE, 0, (), False, rules.version)
    score = min(SCORE_MAXIMUM, sum(rule.weight for rule in fired))
    decision = max((rule.decision for rule in fired), key=SEVERITY.__getitem__)
    if stage is Stage.AFTER and score >= rules.review_score and decision is Decision.APPROVE:
        decision = Decision.REVIEW
    return Verdict(
        decision=decision,
        score=score,
        reasons=tuple(rule.name for rule in fired),
        opens_case=decision is Decision.REVIEW or any(rule.opens_case for rule in fired),
        rule_set=rules.version,
    )


def sentences(version: str, reasons: Sequence[str]) -> list[str]:
    """Explain reasons to the payer in plain words; the score is never shown."""
    by_name = {rule.name: rule.sentence for rule in rule_set(version).rules}
    return [by_name[reason] for reason in reasons if reason in by_name]


def _fires(rule: Rule, features: Features) -> bool:
    return all(_holds(condition, features.get(condition.feature)) for condition in rule.conditions)


def _holds(condition: Condition, seen: Value) -> bool:
    if seen is None:
        return False
    if condition.operator is Operator.AT_LEAST:
        return seen >= condition.value
    if condition.operator is Operator.MORE_THAN:
        return seen > condition.value
    if condition.operator is Operator.LESS_THAN:
        return seen < condition.value
    return seen == condition.value


def _load_rule(entry: Mapping[str, Any]) -> Rule:
    name = str(entry.get("name", ""))
    try:
        stage, decision = Stage(entry["stage"]), Decision(entry["decision"])
        conditions = tuple(
            Condition(feature, Operator(operator), value)
            for feature, operator, value in entry["when"]
        )
        weight, sentence = int(entry["weight"]), str(entry["sentence"])
    except (KeyError, TypeError, ValueError) as error:
        raise RuleNotAllowed(rule=name, reason=str(error)) from error
    strangers = {condition.feature for condition in conditions} - FEATURES[stage]
    if strangers or not conditions or not name:
        raise RuleNotAllowed(rule=name, features=sorted(strangers))
    opens_case = bool(entry.get("opens_case", False))
    return Rule(name, stage, conditions, decision, weight, opens_case, sentence)


_loaded: dict[str, RuleSet] = {}
