"""Risk rules: what may be one, and how a movement is judged by them."""

from typing import Any

import pytest

from wallet.risk import rules
from wallet.risk.rules.catalogue import CATALOGUE, MODEL_FEATURES
from wallet.risk.rules.versions import NEWEST, RULE_SETS
from wallet.risk.values import Decision, Features, Movement, Stage, Value

HEALTH = ("health_colour", "colour", "pass_state", "test_result", "location", "contacts")


def rule(**changes: Any) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "name": "large",
        "stage": "INLINE",
        "when": "amount_minor >= 100",
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


@pytest.mark.parametrize("feature", HEALTH)
@pytest.mark.parametrize("stage", ["INLINE", "AFTER"])
def test_a_rule_that_names_a_health_field_fails_to_load(feature: str, stage: str) -> None:
    with pytest.raises(rules.RuleNotAllowed):
        loaded(rule(stage=stage, when=f'{feature} == "red"'))


def test_no_feature_of_rules_or_models_is_about_health_contacts_or_whereabouts() -> None:
    words = {word for name in (*CATALOGUE, *MODEL_FEATURES) for word in name.split("_")}
    taboo = {"health", "colour", "contact", "contacts", "location", "venue", "region", "pass"}
    assert not words & taboo


@pytest.mark.parametrize(
    "change",
    [
        {"when": ""},
        {"when": "local_hour < 5"},
        {"when": "device_payers_30d >= 3", "movements": ["TRANSFER"]},
        {"when": "amount_minor"},
        {"when": "true"},
        {"when": "amount_minor >= "},
        {"when": "amount_minor / 2 > 1"},
        {"when": "size(movement) > 1"},
        {"when": "[1, 2].exists(x, x > amount_minor)"},
        {"when": 'movement.matches("(a+)+")'},
        {"when": "pin_given > 3"},
        {"when": "amount_minor > 1 ? pin_given : pin_given"},
        {"when": "(" * 9 + "pin_given" + ")" * 9},
        {"when": " || ".join(["pin_given"] * 40)},
        {"decision": "JAIL"},
        {"stage": "BEFORE"},
        {"movements": ["GIFT"]},
        {"weight": "heavy"},
        {"weight": 101},
        {"name": ""},
        {"sentence": ""},
    ],
    ids=lambda change: " ".join(f"{key}={value}"[:40] for key, value in change.items()),
)
def test_a_malformed_rule_fails_to_load(change: dict[str, Any]) -> None:
    with pytest.raises(rules.RuleNotAllowed):
        loaded(rule(**change))


def test_a_refusal_says_what_the_stage_does_not_supply() -> None:
    with pytest.raises(rules.RuleNotAllowed) as refusal:
        loaded(rule(when="local_hour < 5 && amount_minor > 1", movements=["CODE"]))
    assert refusal.value.fields["not_supplied"] == ["local_hour (CODE)"]


@pytest.mark.parametrize("data", [{}, {"rules": 5}, {"rules": [], "review_score": 0}, []])
def test_a_set_that_is_no_set_fails_to_load(data: Any) -> None:
    with pytest.raises(rules.RuleNotAllowed):
        rules.load_rule_set("test", data)


def test_two_rules_of_one_name_fail_to_load() -> None:
    with pytest.raises(rules.RuleNotAllowed):
        loaded(rule(), rule())


def test_an_unknown_version_is_refused() -> None:
    with pytest.raises(rules.RuleSetUnknown):
        rules.rule_set("1999-01")


@pytest.mark.parametrize(
    ("when", "seen", "fires"),
    [
        ("amount_minor >= 5", 5, True),
        ("amount_minor >= 5", 4, False),
        ("!(amount_minor < 5) && amount_minor in [5, 6]", 6, True),
        ("amount_minor == 7 || amount_minor < 5", 6, False),
        ("amount_minor >= 0", None, False),
    ],
)
def test_a_condition_is_what_its_expression_says(when: str, seen: Value, fires: bool) -> None:
    verdict = rules.judge(loaded(rule(when=when)), Stage.INLINE, {"amount_minor": seen})
    assert (verdict.reasons == ("large",)) is fires


def test_only_what_a_rule_of_that_use_names_is_needed() -> None:
    both = loaded(rule(), rule(name="late", stage="AFTER", when="local_hour < 5"))
    assert both.needed(Stage.INLINE, Movement.CODE) == {"amount_minor"}
    assert both.needed(Stage.AFTER, Movement.SCAN) == {"local_hour"}
    assert both.needed(Stage.INLINE, Movement.TRANSFER) == frozenset()


def test_a_limit_fires_where_its_counter_cannot_be_read_and_other_rules_are_silent() -> None:
    entries = (
        rule(name="limit", when="payer_payees_1h > 3", is_limit=True, decision="DELAY"),
        rule(name="plain", when="payer_payees_1h > 3"),
    )
    verdict = rules.judge(loaded(*entries), Stage.INLINE, {}, degraded=["counters"])
    assert (verdict.reasons, verdict.degraded) == (("limit",), ("counters",))


def test_a_rule_that_fails_is_silent_and_the_verdict_says_so() -> None:
    verdict = rules.judge(loaded(rule()), Stage.INLINE, {"amount_minor": "many"})
    assert (verdict.decision, verdict.degraded) == (Decision.ACCEPT, ("rule:large",))


def test_nothing_fired_is_accepted() -> None:
    verdict = rules.judge(loaded(rule()), Stage.INLINE, {"amount_minor": 1})
    assert (verdict.decision, verdict.score, verdict.opens_case) == (Decision.ACCEPT, 0, False)


def test_the_strongest_decision_wins_and_weights_add_up_to_a_hundred() -> None:
    both = loaded(
        rule(weight=70), rule(name="very", decision="REJECT", weight=70), rule(name="xx", weight=1)
    )
    verdict = rules.judge(both, Stage.INLINE, {"amount_minor": 100})
    assert (verdict.decision, verdict.score) == (Decision.REJECT, 100)
    assert verdict.reasons == ("large", "very", "xx")


def test_a_high_score_alone_asks_for_a_review_afterwards() -> None:
    entry = rule(stage="AFTER", decision="ACCEPT", weight=60)
    verdict = rules.judge(loaded(entry), Stage.AFTER, {"amount_minor": 100})
    assert (verdict.decision, verdict.opens_case) == (Decision.REVIEW, True)


def test_rules_of_the_other_stage_and_of_other_movements_stay_out() -> None:
    only = loaded(rule(movements=["CODE"]))
    assert not rules.judge(only, Stage.AFTER, {"amount_minor": 100}).reasons
    scan = rules.judge(only, Stage.INLINE, {"amount_minor": 100}, movement=Movement.SCAN)
    assert not scan.reasons


def test_sentences_explain_and_skip_what_is_gone() -> None:
    assert rules.sentences(NEWEST, ["burst_to_payee", "long_gone"]) == [
        "Many payments to this payee within a minute."
    ]


def judged(version: str, **features: Value) -> Decision:
    plain: Features = {"amount_minor": 1_00, "device_known": True, "pin_given": False}
    return rules.judge(rules.rule_set(version), Stage.INLINE, {**plain, **features}).decision


@pytest.mark.parametrize("version", ["2026-01", NEWEST])
@pytest.mark.parametrize(
    ("features", "decision"),
    [
        ({}, Decision.ACCEPT),
        ({"device_to_payee_60s": 4}, Decision.ACCEPT),
        ({"device_to_payee_60s": 5}, Decision.CHALLENGE),
        ({"device_to_payee_60s": 5, "pin_given": True}, Decision.ACCEPT),
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
            Decision.REJECT,
        ),
    ],
)
def test_the_bundled_rule_sets_judge_payments(
    version: str, features: dict[str, Value], decision: Decision
) -> None:
    assert judged(version, **features) is decision
