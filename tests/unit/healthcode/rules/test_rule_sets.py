"""Shipped rule sets: each rule's own tests, and what a sound set is."""

import copy
import json
from typing import Any, cast

import pytest

from healthcode.rules import library
from healthcode.rules.values import BADGES, Colour

SETS = [library.shipped(version) for version in library.versions()]
CASES = [
    pytest.param(rule, test, id=f"{rule.id}: {test['name']}")
    for rule_set in SETS
    for rule in rule_set.rules
    for test in rule.tests
]


@pytest.mark.parametrize(("rule", "test"), CASES)
def test_each_rule_answers_its_own_tests(rule: Any, test: dict[str, Any]) -> None:
    assert library._applies(rule, test) is test["applies"]


def test_ships_the_sets_of_2020_and_2022_and_one_for_teaching() -> None:
    assert library.versions() == ["7plus3-2022-06", "hangzhou-2020-02", "teaching"]
    with pytest.raises(library.RuleSetUnknown):
        library.shipped("../values")


def content() -> dict[str, Any]:
    text = (library._FOLDER / "teaching.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def findings(changed: Any) -> list[str]:
    with pytest.raises(library.RuleSetUnsound) as unsound:
        library.read(changed)
    return [str(found) for found in cast("list[str]", unsound.value.fields["findings"])]


def changed(**members: Any) -> dict[str, Any]:
    """The teaching set with members of its first rule replaced."""
    found = copy.deepcopy(content())
    found["rules"][0] |= members
    return found


@pytest.mark.parametrize(
    ("members", "finding"),
    [
        ({"logic": {"or": [True, False]}}, "unknown operator"),
        ({"logic": {"var": "payments.total"}}, "unknown fact payments"),
        ({"logic": {"var": "overlap"}}, "red must not rest on overlap"),
        ({"evidence": ["wallet"]}, "unknown fact wallet"),
        ({"reason": {"en": "why"}}, "no reason in fr"),
        ({"path": {}}, "no path in zh"),
        ({"tests": []}, "there must be a test that applies and one that does not"),
        ({"until": [{"plusTime": [{"var": "clock"}, 1, "week"]}]}, "operand 3 of plusTime"),
        ({"id": "t-green-declared"}, "two rules have this id"),
        ({"logic": {"+": [True, 1]}}, "t-red-positive: just happened"),
    ],
)
def test_finds_what_makes_a_set_unsound(members: dict[str, Any], finding: str) -> None:
    assert any(finding in found for found in findings(changed(**members)))


@pytest.mark.parametrize(
    "broken",
    [{}, {**content(), "rules": [{}]}, {**content(), "rules": 7}, changed(colour="PURPLE")],
)
def test_finds_what_is_no_set_at_all(broken: dict[str, Any]) -> None:
    assert "the form is wrong" in findings(broken)[0]


def test_an_empty_set_decides_nothing() -> None:
    assert findings({**content(), "rules": []}) == ["there is no rule"]


def test_the_hash_is_of_the_content_and_not_of_its_spelling() -> None:
    spelled = json.loads(json.dumps(content(), indent=7))
    assert library.content_hash(spelled) == library.shipped("teaching").content_hash
    assert library.content_hash(changed(version=2)) != library.content_hash(content())


def test_every_colour_has_a_word_and_a_shape_of_its_own() -> None:
    assert len({look.shape for look in BADGES.values()}) == len(Colour)
    assert all(set(look.label) == {"en", "fr", "zh"} for look in BADGES.values())


def test_a_set_by_which_a_harmless_scan_turns_the_recovered_red_is_unsound() -> None:
    red = content()["rules"][0]
    text = json.dumps(red).replace("positive.clean", "clean.running")
    finding = findings({**content(), "rules": [json.loads(text), *content()["rules"][1:]]})
    assert any("turns somebody red after a positive test" in found for found in finding)


def test_an_end_that_cannot_be_reckoned_shows_in_the_rules_own_tests() -> None:
    far = {"plusTime": ["2022-06-01", 999_999_999, "year"]}
    assert findings(changed(until=[far])) == [
        f"t-red-positive: {test['name']}" for test in content()["rules"][0]["tests"]
    ]


def test_a_kind_that_no_rule_looks_at_is_overlooked_whatever_its_ceiling() -> None:
    overlooked = library.overlooked(library.shipped("teaching"))
    assert {"quarantine_end", "vaccination"} <= set(overlooked)
    without = content()
    without["rules"] = [rule for rule in without["rules"] if "symptom" not in rule["evidence"]]
    assert "temperature" not in overlooked
    assert "temperature" in library.overlooked(library.read(without))


def test_a_kind_that_takes_clean_days_is_not_overlooked_by_a_set_that_counts_them() -> None:
    counting = content()
    assert "entry" in library.overlooked(library.read(counting))
    logic = counting["rules"][0]["logic"]
    counting["rules"][0]["logic"] = {"and": [logic, {">=": [{"var": "clean.days"}, 0]}]}
    assert "entry" not in library.overlooked(library.read(counting))
