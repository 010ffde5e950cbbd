"""Of several things that are known, the worse counts, and what cannot be reckoned hides nothing."""

from typing import Any

import pytest

from healthcode.evidence.values import EvidenceItem, Source
from healthcode.rules import library
from healthcode.rules.assess import colour
from healthcode.rules.ceilings import broken_ceilings, people
from healthcode.rules.facts import has_ended, project
from healthcode.rules.values import Colour, Rule, RuleSet
from tests.factories.evidence import K, checked_in, day, declared, item, sampled, stayed

SETS = [library.shipped(version) for version in library.versions()]
GREEN, YELLOW, RED = Colour.GREEN, Colour.YELLOW, Colour.RED
AUTHORITY, LABORATORY = Source.AUTHORITY, Source.LABORATORY
OF_SETS = pytest.mark.parametrize("rule_set", SETS, ids=lambda rule_set: rule_set.version)
SPANS = [(K.CASE_OPEN, K.CASE_CLOSE, "case"), (K.QUARANTINE_START, K.QUARANTINE_END, "quarantine")]


# ---- what runs is not hidden by what is over ---------------------------------------------------
@pytest.mark.parametrize(("begins", "ends", "name"), SPANS, ids=str)
@pytest.mark.parametrize("later_first", [False, True])
def test_the_end_of_one_case_leaves_one_without_a_number_open(
    begins: K, ends: K, name: str, later_first: bool
) -> None:
    unnumbered = item(begins, 3 if later_first else 1, AUTHORITY)
    numbered = item(begins, 2, AUTHORITY, case="A")
    over = item(ends, 4, AUTHORITY, case="A")
    story = [unnumbered, numbered, over]
    fact = project(story, at=day(5))[name]
    assert (fact["state"], fact["id"]) == ("open", unnumbered.id)
    assert (has_ended(unnumbered, story), has_ended(numbered, story)) == (False, True)
    whole = item(ends, 5, AUTHORITY)
    assert project([*story, whole], at=day(5))[name]["state"] == "closed"
    assert has_ended(unnumbered, [*story, whole])


def test_an_end_whose_number_was_never_opened_ends_the_one_without() -> None:
    story = [item(K.CASE_OPEN, 1, AUTHORITY), item(K.CASE_CLOSE, 2, AUTHORITY, case="A")]
    assert project(story, at=day(3))["case"]["state"] == "closed"
    other = item(K.CASE_OPEN, 1, AUTHORITY, case="B")
    assert project([other, *story], at=day(3))["case"]["id"] == other.id


@OF_SETS
def test_a_high_stay_that_clean_days_alone_have_not_made_up_for_is_red_beside_a_newer_one(
    rule_set: RuleSet,
) -> None:
    high = [stayed(1, "high"), *checked_in(*range(2, 16))]
    story = [declared(), *high, stayed(16, "low"), stayed(17, "medium"), declared(17)]
    alone = colour([declared(), *high, declared(17)], rule_set, at=day(17)).colour
    assert colour(story, rule_set, at=day(17)).colour.severity >= alone.severity


# ---- two results about one person --------------------------------------------------------------
@OF_SETS
@pytest.mark.parametrize("hours", [0.005, 1, 30])
def test_an_antigen_test_does_not_clear_what_a_naat_has_read_first(
    rule_set: RuleSet, hours: float
) -> None:
    reading = sampled(1, "positive", status="preliminary")
    antigen = item(K.ANTIGEN, 1 + hours / 24, LABORATORY, result="negative")
    story = [declared(), reading, antigen]
    assert colour(story, rule_set, at=day(3)).colour is YELLOW
    naat = sampled(2.5, "negative")
    assert colour([*story, naat], rule_set, at=day(3)).colour is GREEN


@OF_SETS
def test_of_two_first_readings_the_one_that_nothing_speaks_against_counts(
    rule_set: RuleSet,
) -> None:
    read = sampled(1, "positive", status="preliminary")
    typed = item(K.ANTIGEN, 2, result="positive")
    antigen = item(K.ANTIGEN, 2.5, LABORATORY, result="negative")
    judged = colour([declared(), read, typed, antigen], rule_set, at=day(3))
    assert (judged.colour, judged.reasons[0].evidence) == (YELLOW, (read.id,))


@OF_SETS
@pytest.mark.parametrize("kinds", [(K.NAAT, K.NAAT), (K.ANTIGEN, K.NAAT), (K.NAAT, K.ANTIGEN)])
@pytest.mark.parametrize("first", ["positive", "negative"])
def test_two_laboratories_of_one_minute_give_the_worse_whichever_comes_first(
    rule_set: RuleSet, kinds: tuple[K, K], first: str
) -> None:
    second = "negative" if first == "positive" else "positive"
    story = [
        declared(),
        item(kinds[0], 1, LABORATORY, result=first),
        item(kinds[1], 1 + 59 / 86_400, Source.CERTIFICATE, result=second),
    ]
    assert colour(story, rule_set, at=day(1.5)).colour is RED


# ---- a ceiling holds beside anything -----------------------------------------------------------
PAIRS: dict[str, list[tuple[K, Source, dict[str, Any]]]] = {
    "overlap and self test": [
        (K.VENUE_OVERLAP, Source.TRACING, {"minutes": 240}),
        (K.ANTIGEN, Source.SELF, {"result": "positive"}),
    ],
    "fever and symptoms": [
        (K.TEMPERATURE, Source.SELF, {"temperature_tenths": 420}),
        (K.DAILY_CHECKIN, Source.SELF, {"symptoms": ["cough"]}),
    ],
    "first reading and overlap": [
        (K.NAAT, Source.LABORATORY, {"result": "positive", "status": "preliminary"}),
        (K.VENUE_OVERLAP, Source.TRACING, {"minutes": 20}),
    ],
}


@OF_SETS
@pytest.mark.parametrize("pair", PAIRS)
def test_two_things_that_may_not_redden_redden_nobody_together(
    rule_set: RuleSet, pair: str
) -> None:
    for name, story, at in people():
        more = [
            EvidenceItem(f"more{number}", kind, at, at, source, payload)
            for number, (kind, source, payload) in enumerate(PAIRS[pair])
        ]
        assert colour(story, rule_set, at=at).colour is not RED, name
        assert colour([*story, *more], rule_set, at=at).colour is YELLOW, name


def _rule(name: str, shade: Colour | None, logic: Any, **parts: Any) -> Rule:
    empty: dict[str, Any] = {"until": (), "ageing": (), "evidence": ()}
    return Rule(name, 1, shade, logic, reason={}, path={}, **{**empty, **parts})


def _beside_hangzhou(rule: Rule, name: str) -> RuleSet:
    hangzhou = library.shipped("hangzhou-2020-02")
    return RuleSet("some", {}, "", (rule, *hangzhou.rules), name)


def test_red_by_days_that_a_harmless_event_sets_back_breaks_a_ceiling() -> None:
    watched = {"and": [{"var": "contact"}, {"<": [{"var": "clean.running"}, 14]}]}
    rule_set = _beside_hangzhou(_rule("watched", RED, watched), "running")
    assert any("after a contact" in finding for finding in broken_ceilings(rule_set))


# ---- a rule that cannot be reckoned hides no other ---------------------------------------------
ILL = [declared(), sampled(1, "positive"), declared(2, symptoms=["fever"])]
UNRECKONABLE = [
    {"plusTime": ["2022-06-01", 10**30, "day"]},
    {"plusTime": ["0001-01-01", -4_000_000_000, "month"]},
    {"plusTime": [{"var": "positive"}, 1, "day"]},
    {"plusTime": ["2022-06-01T00:00:00+99:99", 1, "day"]},
    {"+": [10**400, {"var": "clock"}]},
    {"reduce": [{"var": "clock"}, {"+": [1]}, 0]},
    {"extractFromUVCI": [5, 10**20]},
    {"var": 5},
    {1: 2},
    float("nan"),
    None,
]


@pytest.mark.parametrize("part", ["logic", "until", "ageing"])
@pytest.mark.parametrize("expression", UNRECKONABLE, ids=lambda value: str(value)[:40])
@pytest.mark.parametrize("shade", [None, GREEN, YELLOW])
def test_whatever_part_of_a_rule_cannot_be_reckoned_a_positive_test_is_red(
    part: str, expression: Any, shade: Colour | None
) -> None:
    logic = expression if part == "logic" else True
    parts = {} if part == "logic" else {part: (expression,)}
    rule = _rule("bad", shade, logic, **parts)
    rule_set = _beside_hangzhou(rule, f"{part} {expression!r} {shade}")
    assert colour(ILL, rule_set, at=day(3)).colour is RED


@pytest.mark.parametrize("name", ["clock", "clean", "no such fact"])
def test_a_rule_that_quotes_what_is_no_evidence_hides_no_other(name: str) -> None:
    rule_set = _beside_hangzhou(_rule("bad", None, True, evidence=(name,)), f"quotes {name}")
    judged = colour(ILL, rule_set, at=day(3))
    assert (judged.colour, judged.advisories[0].evidence) == (RED, ())
    assert any(name in finding for finding in library.unsound(rule_set))


MALFORMED: list[dict[str, Any]] = [
    {"temperature_tenths": "hot"},
    {"temperature_tenths": 10**500},
    {"symptoms": 5},
    {"level": ["high"]},
    {"case": {"number": 1}},
    {"result": ["positive"], "status": None},
]


@OF_SETS
@pytest.mark.parametrize("payload", MALFORMED, ids=str)
@pytest.mark.parametrize("source", [Source.AUTHORITY, Source.SELF])
def test_evidence_that_says_nothing_readable_hides_no_positive_test(
    rule_set: RuleSet, payload: dict[str, Any], source: Source
) -> None:
    for kind in K:
        story = [declared(), item(kind, 0.5, source, **payload), sampled(1, "positive")]
        assert colour(story, rule_set, at=day(3)).colour is RED
