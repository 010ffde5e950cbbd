"""Risk rules: what may be one, and how a payment is judged by them."""

from typing import Any

import pytest

from wallet.risk import rules
from wallet.risk.rules.versions import RULE_SETS
from wallet.risk.values import Decision, Features, Operator, Stage, Value

FIRST = "2026-01"


def rule(**changes: Any) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "name": "large",
        "stage": "INLINE",
        "when": (("amount_minor", "at_least", 100),),
        "decision": "REVIEW",
        "weight": 30,
        "sentence": "Large.",
    }
    return facts | changes


def loaded(*entries: dict[str, Any], review_score: int = 60) -> Any:
    return rules.load_rule_set("test", {"review_score": review_score, "rules": entries})


@pytest.mark.parametrize("version", RULE_SETS)
def test_every_rule_set_in_the_house_loads(version: str) -> None:
    assert rules.rule_set(version).version == version


@pytest.mark.parametrize(
    "feature", ["health_colour", "colour", "pass_state", "test_result", "location", "payee_mood"]
)
@pytest.mark.parametrize("stage", ["INLINE", "AFTER"])
def test_a_rule_that_names_a_health_field_fails_to_load(feature: str, stage: str) -> None:
    with pytest.raises(rules.RuleNotAllowed):
        loaded(rule(stage=stage, when=((feature, "is", True),)))


@pytest.mark.parametrize(
    "change",
    [
        {"when": ()},
        {"when": (("payer_payees_1h", "at_least", 1),)},
        {"when": (("amount_minor", "smells_of", 1),)},
        {"when": (("amount_minor", "at_least"),)},
        {"decision": "JAIL"},
        {"stage": "BEFORE"},
        {"weight": "heavy"},
        {"name": ""},
    ],
    ids=["empty", "slow", "operator", "short", "decision", "stage", "weight", "nameless"],
)
def test_a_malformed_rule_fails_to_load(change: dict[str, Any]) -> None:
    with pytest.raises(rules.RuleNotAllowed):
        loaded(rule(**change))


def test_two_rules_of_one_name_fail_to_load() -> None:
    with pytest.raises(rules.RuleNotAllowed):
        loaded(rule(), rule())


def test_an_unknown_version_is_refused() -> None:
    with pytest.raises(rules.RuleSetUnknown):
        rules.rule_set("1999-01")


@pytest.mark.parametrize(
    ("operator", "value", "seen", "fires"),
    [
        (Operator.AT_LEAST, 5, 5, True),
        (Operator.AT_LEAST, 5, 4, False),
        (Operator.MORE_THAN, 5, 6, True),
        (Operator.MORE_THAN, 5, 5, False),
        (Operator.LESS_THAN, 5, 4, True),
        (Operator.LESS_THAN, 5, 5, False),
        (Operator.IS, True, True, True),
        (Operator.IS, True, False, False),
        (Operator.AT_LEAST, 0, None, False),
    ],
)
def test_a_condition_compares_as_its_operator_says(
    operator: Operator, value: int, seen: Value, fires: bool
) -> None:
    only = loaded(rule(when=(("amount_minor", operator.value, value),)))
    verdict = rules.judge(only, Stage.INLINE, {"amount_minor": seen})
    assert (verdict.reasons == ("large",)) is fires


def test_nothing_fired_is_an_approval() -> None:
    verdict = rules.judge(loaded(rule()), Stage.INLINE, {"amount_minor": 1})
    assert (verdict.decision, verdict.score, verdict.opens_case) == (Decision.APPROVE, 0, False)


def test_the_strongest_decision_wins_and_weights_add_up_to_a_hundred() -> None:
    both = loaded(
        rule(weight=70), rule(name="very", decision="DECLINE", weight=70), rule(name="x", weight=1)
    )
    verdict = rules.judge(both, Stage.INLINE, {"amount_minor": 100})
    assert (verdict.decision, verdict.score) == (Decision.DECLINE, 100)
    assert verdict.reasons == ("large", "very", "x")


def test_a_high_score_alone_asks_for_a_review_afterwards() -> None:
    entry = rule(stage="AFTER", decision="APPROVE", weight=60)
    verdict = rules.judge(loaded(entry), Stage.AFTER, {"amount_minor": 100})
    assert (verdict.decision, verdict.opens_case) == (Decision.REVIEW, True)


def test_rules_of_the_other_stage_stay_out() -> None:
    assert not rules.judge(loaded(rule()), Stage.AFTER, {"amount_minor": 100}).reasons


def test_sentences_explain_and_skip_what_is_gone() -> None:
    assert rules.sentences(FIRST, ["burst_to_payee", "long_gone"]) == [
        "Many payments to this payee within a minute."
    ]


def judged(**features: Value) -> Decision:
    plain: Features = {"amount_minor": 1_00, "device_known": True, "pin_given": False}
    return rules.judge(rules.rule_set(FIRST), Stage.INLINE, {**plain, **features}).decision


@pytest.mark.parametrize(
    ("features", "decision"),
    [
        ({}, Decision.APPROVE),
        ({"device_to_payee_60s": 4}, Decision.APPROVE),
        ({"device_to_payee_60s": 5}, Decision.CHALLENGE),
        ({"device_to_payee_60s": 5, "pin_given": True}, Decision.APPROVE),
        ({"device_payments_60s": 20}, Decision.CHALLENGE),
        ({"amount_minor": 500_00, "device_age_h": 1}, Decision.REVIEW),
        ({"amount_minor": 500_00, "device_known": False}, Decision.REVIEW),
        ({"amount_minor": 500_00, "payee_age_d": 1}, Decision.REVIEW),
        (
            {"amount_minor": 500_00, "payer_payments": 5, "amount_to_own_mean": 10},
            Decision.REVIEW,
        ),
        (
            {
                "amount_minor": 20_000_00,
                "payer_payments": 3,
                "amount_to_own_largest": 20,
                "device_age_h": 0.5,
            },
            Decision.DECLINE,
        ),
    ],
)
def test_the_first_rule_set_judges_payments(features: dict[str, Value], decision: Decision) -> None:
    assert judged(**features) is decision
