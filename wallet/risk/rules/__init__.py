"""Risk rules: loading them safely, and judging a movement by them. Pure.

Rules are data; their conditions are CEL. A condition may name only features that its stage
supplies for its movements (`wallet.risk.rules.catalogue`), and use only comparison, logic
and membership: it has no loops, calls nothing, and its length and depth are bounded. What
is wrong with a rule is said when it is loaded, never when somebody pays.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import cel

from config.kernel.errors import InvalidRequest, Refused
from wallet.risk.rules.catalogue import CATALOGUE
from wallet.risk.rules.versions import RULE_SETS
from wallet.risk.values import (
    SEVERITY,
    Decision,
    Features,
    Movement,
    Rule,
    RuleSet,
    Stage,
    Value,
    Verdict,
)

SCORE_MAXIMUM = 100
RULES_MAXIMUM = 100
CONDITION_MAXIMUM = 400
NESTING_MAXIMUM = 8
PAYMENTS = ("CODE", "SCAN", "DEBIT")
NAME = re.compile(r"[a-z][a-z0-9_]{1,47}")
# Comparison, logic, membership. No call, macro, arithmetic or index: each costs or fails.
OPERATORS = frozenset(
    {"_&&_", "_||_", "!_", "_==_", "_!=_", "_<_", "_<=_", "_>_", "_>=_", "@in", "-_"}
)
_REFUSED_TEXT = re.compile(r"[?.{}](?![0-9])|!{3,}|-{2,}")
_SAMPLES: Mapping[type, tuple[Value, ...]] = {
    bool: (False, True),
    int: (0, 10**12),
    float: (0.0, 1e12),
    str: ("none", "block"),
}


class RuleSetUnknown(InvalidRequest):
    """No rule set has that version."""

    code = "rule_set_unknown"
    message = "There is no such version of the risk rules."


class RuleNotAllowed(InvalidRequest):
    """A rule is malformed or names something that risk rules may not look at."""

    code = "rule_not_allowed"
    message = "A risk rule may only look at features that its stage supplies."


class PaymentDeclined(Refused):
    """The risk rules refuse this movement."""

    code = "payment_declined"
    message = "This payment was declined to protect the payer."


class PaymentDelayed(PaymentDeclined):
    """The risk rules ask for a cool-off; `retry_after_s` says how long it still is."""

    code = "payment_delayed"
    message = "To protect the payer, this payment can be made later."


def load_rule_set(version: str, data: Mapping[str, Any]) -> RuleSet:
    """Turn a rule set's data into a rule set, refusing what may not be in one.

    Args:
        version: the name it is stored and quoted by.
        data: `review_score`, `rules`, and `model` and `challenger` where there are models;
            see `wallet.risk.rules.versions`.

    Raises:
        RuleNotAllowed: a condition is no CEL of the allowed kind, names a feature that its
            stage does not supply for one of its movements, is too long or too deep; a
            decision, stage or movement is unknown, or a name occurs twice.
    """
    entries = data.get("rules") if isinstance(data, Mapping) else None
    if not isinstance(entries, list | tuple) or len(entries) > RULES_MAXIMUM:
        raise RuleNotAllowed(rule_set=version, reason=f"`rules`: a list of up to {RULES_MAXIMUM}")
    rules = tuple(_load_rule(entry) for entry in entries)
    names = [rule.name for rule in rules]
    if len(set(names)) != len(names):
        raise RuleNotAllowed(rule_set=version, reason="a name occurs twice")
    review_score = data.get("review_score")
    if type(review_score) is not int or not 0 < review_score <= SCORE_MAXIMUM:
        raise RuleNotAllowed(rule_set=version, reason="`review_score`: 1 to 100")
    return RuleSet(
        version=version,
        rules=rules,
        review_score=review_score,
        model=str(data.get("model") or ""),
        challenger=str(data.get("challenger") or ""),
    )


def rule_set(version: str) -> RuleSet:
    """Give one of the bundled rule sets by version.

    Raises:
        RuleSetUnknown: there is none.
    """
    loaded = _loaded.get(version)
    if loaded is None:
        if version not in RULE_SETS:
            raise RuleSetUnknown(version=version)
        loaded = _loaded[version] = load_rule_set(version, RULE_SETS[version])
    return loaded


def judge(
    rules: RuleSet,
    stage: Stage,
    features: Features,
    *,
    movement: Movement = Movement.CODE,
    degraded: Sequence[str] = (),
) -> Verdict:
    """Judge one movement.

    The strongest decision among the rules that fire wins; at the later stage a score
    of at least `review_score` asks for a review by itself. A rule that names an unknown
    feature is silent, unless it is a limit and the feature could not be read.

    Args:
        rules: the rule set.
        stage: whose rules are used.
        features: what is known; names that no rule uses are ignored.
        movement: whose rules are used.
        degraded: sources that could not be read.
    """
    # cel compares no missing variable; a payer without history is no error.
    given_features = {name: value for name, value in features.items() if value is not None}
    context, names = cel.Context(given_features), given_features.keys()
    fired, failed = [], list(degraded)
    for rule in rules.of(stage, movement):
        if not rule.features <= names:
            if rule.is_limit and degraded:
                fired.append(rule)
            continue
        try:
            if rule.program.execute(context) is True:
                fired.append(rule)
        except (TypeError, ValueError, RuntimeError):
            failed.append(f"rule:{rule.name}")
    if not fired:
        return Verdict(Decision.ACCEPT, 0, (), False, rules.version, tuple(failed))
    return _verdict(rules, stage, fired, failed)


def _verdict(rules: RuleSet, stage: Stage, fired: Sequence[Rule], failed: Sequence[str]) -> Verdict:
    score = min(SCORE_MAXIMUM, sum(rule.weight for rule in fired))
    decision = max((rule.decision for rule in fired), key=SEVERITY.__getitem__)
    if stage is Stage.AFTER and score >= rules.review_score and decision is Decision.ACCEPT:
        decision = Decision.REVIEW
    return Verdict(
        decision=decision,
        score=score,
        reasons=tuple(rule.name for rule in fired),
        opens_case=decision is Decision.REVIEW or any(rule.opens_case for rule in fired),
        rule_set=rules.version,
        degraded=tuple(failed),
        holds_payout=any(rule.holds_payout for rule in fired),
    )


def sentences(version: str, reasons: Sequence[str]) -> list[str]:
    """Explain reasons of a bundled rule set to the payer; the score is never shown."""
    return sentences_of(rule_set(version), reasons)


def sentences_of(rules: RuleSet, reasons: Sequence[str]) -> list[str]:
    """Explain reasons to the payer in plain words; those of rules that are gone are left out."""
    by_name = {rule.name: rule.sentence for rule in rules.rules}
    return [by_name[reason] for reason in reasons if reason in by_name]


def _load_rule(entry: Mapping[str, Any]) -> Rule:
    name = str(entry.get("name", "")) if isinstance(entry, Mapping) else ""
    try:
        stage, decision = Stage(entry["stage"]), Decision[entry["decision"]]
        movements = frozenset(Movement(each) for each in entry.get("movements", PAYMENTS))
        when, weight, sentence = entry["when"], entry["weight"], entry["sentence"]
    except (KeyError, TypeError, ValueError) as error:
        raise RuleNotAllowed(rule=name, reason=f"missing or unknown: {error}") from error
    if not NAME.fullmatch(name):
        raise RuleNotAllowed(rule=name, reason="a name is 2 to 48 of a-z, 0-9 and _")
    if type(weight) is not int or not 0 <= weight <= SCORE_MAXIMUM:
        raise RuleNotAllowed(rule=name, reason="`weight`: 0 to 100")
    if not isinstance(sentence, str) or not 0 < len(sentence) <= 200 or not movements:
        raise RuleNotAllowed(rule=name, reason="a sentence for the payer, and a movement")
    program = _compiled(name, when)
    features = frozenset(program.variables())
    _check_supplied(name, features, stage, movements)
    _check_types(name, program, features)
    return Rule(
        name=name,
        stage=stage,
        when=when,
        program=program,
        features=features,
        movements=movements,
        decision=decision,
        weight=weight,
        opens_case=bool(entry.get("opens_case", False)),
        is_limit=bool(entry.get("is_limit", False)),
        holds_payout=bool(entry.get("holds_payout", False)),
        sentence=sentence,
    )


def _compiled(name: str, when: object) -> Any:
    """A condition as a program, its length, depth and operators within bounds."""
    if not isinstance(when, str) or not 0 < len(when) <= CONDITION_MAXIMUM:
        raise RuleNotAllowed(rule=name, reason=f"`when`: CEL of up to {CONDITION_MAXIMUM}")
    if _depth(when) > NESTING_MAXIMUM:
        raise RuleNotAllowed(rule=name, reason=f"nested deeper than {NESTING_MAXIMUM}")
    if _REFUSED_TEXT.search(re.sub(r'"[a-zA-Z_]*"', '""', when)):
        raise RuleNotAllowed(rule=name, reason="only comparison, logic and membership")
    try:
        program = cel.compile(when)
    except ValueError as error:
        raise RuleNotAllowed(rule=name, reason=str(error)[:200]) from error
    strange = sorted(set(program.functions()) - OPERATORS)
    if strange or not program.variables():
        raise RuleNotAllowed(rule=name, operators=strange, reason="only comparison and logic")
    return program


def _depth(text: str) -> int:
    depth = deepest = 0
    for character in text:
        depth += (character in "([") - (character in ")]")
        deepest = max(deepest, depth)
    return deepest


def _check_supplied(
    name: str, features: frozenset[str], stage: Stage, movements: frozenset[Movement]
) -> None:
    missing = sorted(
        f"{feature} ({movement})"
        for feature in features
        for movement in movements
        if feature not in CATALOGUE or not CATALOGUE[feature].is_supplied(stage, movement)
    )
    if missing:
        raise RuleNotAllowed(rule=name, stage=stage.value, not_supplied=missing)


def _check_types(name: str, program: Any, features: frozenset[str]) -> None:
    """A condition gives yes or no, whatever the features' values; tried at their ends."""
    kinds = {feature: CATALOGUE[feature].kind for feature in features}
    for end in (0, 1):
        for turned in (None, *sorted(features)):
            values = {
                feature: _SAMPLES[kind][end if feature != turned else 1 - end]
                for feature, kind in kinds.items()
            }
            try:
                answer = program.execute(values)
            except (TypeError, ValueError, RuntimeError) as error:
                raise RuleNotAllowed(rule=name, reason=str(error)[:200]) from error
            if not isinstance(answer, bool):
                raise RuleNotAllowed(rule=name, reason="a condition is true or false")


_loaded: dict[str, RuleSet] = {}
