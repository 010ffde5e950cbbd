"""What holds of every colour, whatever the evidence."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from healthcode.evidence.values import EvidenceItem, EvidenceKind, Source
from healthcode.rules import library
from healthcode.rules.assess import colour
from healthcode.rules.ceilings import harmless, people
from healthcode.rules.values import Colour, RuleSet
from tests.factories.evidence import day

pytestmark = pytest.mark.slow

SETS = [library.shipped(version) for version in library.versions()]
RULE_SETS = st.sampled_from(SETS)
PAYLOADS = st.fixed_dictionaries(
    {},
    optional={
        "result": st.sampled_from(["positive", "negative", "invalid"]),
        "status": st.sampled_from(["final", "preliminary"]),
        "level": st.sampled_from(["low", "medium", "high"]),
        "temperature_tenths": st.integers(350, 420),
        "symptoms": st.lists(st.sampled_from(["cough", "fever"]), max_size=1),
    },
)
SELF_MADE = st.sampled_from(
    [EvidenceKind.VENUE_OVERLAP, EvidenceKind.DECLARATION, EvidenceKind.DAILY_CHECKIN,
     EvidenceKind.ANTIGEN, EvidenceKind.NAAT]
)  # fmt: skip


def pieces(
    kinds: st.SearchStrategy[EvidenceKind], sources: st.SearchStrategy[Source]
) -> st.SearchStrategy[list[EvidenceItem]]:
    """Evidence of a month, in any order."""
    moments = st.integers(0, 30 * 24).map(lambda hours: day(hours / 24))
    one = st.builds(
        EvidenceItem,
        id=st.uuids().map(str),
        kind=kinds,
        observed_at=moments,
        recorded_at=moments,
        source=sources,
        payload=PAYLOADS,
    )
    return st.lists(one, max_size=12)


ANY = pieces(st.sampled_from(EvidenceKind), st.sampled_from(Source))
DAYS = st.integers(0, 40 * 24).map(lambda hours: day(hours / 24))


@given(items=ANY, rule_set=RULE_SETS, at=DAYS, data=st.data())
def test_the_same_evidence_gives_the_same_decision_in_any_order(
    items: list[EvidenceItem], rule_set: RuleSet, at: object, data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(items))
    assert colour(items, rule_set, at=at) == colour(shuffled, rule_set, at=at)  # type: ignore[arg-type]


@given(items=ANY, rule_set=RULE_SETS, hours=st.integers(0, 30 * 24), later=st.integers(0, 20 * 24))
def test_nothing_changes_before_the_moment_that_was_foretold(
    items: list[EvidenceItem], rule_set: RuleSet, hours: int, later: int
) -> None:
    at = day(hours / 24)
    known = [entry for entry in items if entry.recorded_at <= at and entry.observed_at <= at]
    first = colour(known, rule_set, at=at)
    moment = at + timedelta(hours=later)
    if first.valid_until is None or moment < first.valid_until:
        assert colour(known, rule_set, at=moment).colour is first.colour


@given(items=ANY, rule_set=RULE_SETS, at=DAYS, drop=st.integers(0, 30))
def test_another_rule_never_makes_a_colour_milder(
    items: list[EvidenceItem], rule_set: RuleSet, at: object, drop: int
) -> None:
    rules = list(rule_set.rules)
    del rules[drop % len(rules)]
    fewer = replace(rule_set, rules=tuple(rules), content_hash=f"{rule_set.version}-{drop}")
    whole = colour(items, rule_set, at=at).colour  # type: ignore[arg-type]
    part = colour(items, fewer, at=at).colour  # type: ignore[arg-type]
    assert part.severity <= whole.severity


@pytest.mark.parametrize("rule_set", SETS, ids=lambda found: found.version)
@given(items=pieces(SELF_MADE, st.just(Source.SELF)), at=DAYS)
def test_nothing_that_a_person_scans_or_says_of_health_alone_turns_red(
    rule_set: RuleSet, items: list[EvidenceItem], at: object
) -> None:
    assert colour(items, rule_set, at=at).colour is not Colour.RED  # type: ignore[arg-type]


@given(items=ANY, rule_set=RULE_SETS, at=DAYS)
def test_no_colour_without_a_reason_and_no_error_on_any_evidence(
    items: list[EvidenceItem], rule_set: RuleSet, at: object
) -> None:
    found = colour(items, rule_set, at=at)  # type: ignore[arg-type]
    assert not found.indeterminate
    assert (found.colour is Colour.UNKNOWN) is (not found.reasons)


@st.composite
def harmless_pieces(draw: st.DrawFn) -> EvidenceItem:
    """One piece of evidence that may never turn a code red, of any day."""
    kind, source, payload = draw(st.sampled_from(harmless()))
    moment = day(draw(st.integers(0, 40 * 24)) / 24)
    return EvidenceItem("more", kind, moment, moment, source, payload)


@given(items=ANY, more=harmless_pieces(), rule_set=RULE_SETS, at=DAYS)
def test_what_may_never_redden_turns_nobody_red(
    items: list[EvidenceItem], more: EvidenceItem, rule_set: RuleSet, at: object
) -> None:
    before = colour(items, rule_set, at=at).colour  # type: ignore[arg-type]
    after = colour([*items, more], rule_set, at=at).colour  # type: ignore[arg-type]
    assert after is not Colour.RED or before is Colour.RED


GRAVE = st.sampled_from(
    [
        (EvidenceKind.NAAT, Source.LABORATORY, {"result": "positive", "status": "final"}),
        (EvidenceKind.CASE_OPEN, Source.AUTHORITY, {}),
        (EvidenceKind.CONTACT, Source.AUTHORITY, {}),
        (EvidenceKind.AREA_STAY, Source.AUTHORITY, {"level": "high"}),
    ]
)


@given(items=ANY, grave=GRAVE, hours=st.integers(0, 30 * 24), rule_set=RULE_SETS, at=DAYS)
def test_one_grave_piece_more_never_makes_a_colour_milder(
    items: list[EvidenceItem],
    grave: tuple[EvidenceKind, Source, dict[str, str]],
    hours: int,
    rule_set: RuleSet,
    at: object,
) -> None:
    kind, source, payload = grave
    moment = day(hours / 24)
    more = EvidenceItem("more", kind, moment, moment, source, payload)
    before = colour(items, rule_set, at=at).colour  # type: ignore[arg-type]
    after = colour([*items, more], rule_set, at=at).colour  # type: ignore[arg-type]
    assert after.severity >= before.severity


@given(rule_set=RULE_SETS, more=harmless_pieces(), grave=st.sampled_from(range(6)))
def test_what_may_never_redden_turns_nobody_red_who_has_recovered(
    rule_set: RuleSet, more: EvidenceItem, grave: int
) -> None:
    _, story, at = list(people())[1 + grave]
    assert colour(story, rule_set, at=at).colour is not Colour.RED
    assert colour([*story, more], rule_set, at=at).colour is not Colour.RED
