"""From evidence to colour: whole stories, and the exact moments at which they turn."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from healthcode.evidence.values import KINDS, EvidenceItem, Source
from healthcode.rules import library
from healthcode.rules.assess import assess, colour
from healthcode.rules.facts import project
from healthcode.rules.values import Assessment, Colour, Rule, RuleSet
from tests.factories.evidence import K, checked_in, day, declared, item, sampled, stayed

HANGZHOU = library.shipped("hangzhou-2020-02")
SEVEN = library.shipped("7plus3-2022-06")
GREEN, YELLOW, RED, UNKNOWN = Colour.GREEN, Colour.YELLOW, Colour.RED, Colour.UNKNOWN
SECOND = 1 / 86_400


def judged(items: list[EvidenceItem], at: float, rule_set: RuleSet = HANGZHOU) -> Assessment:
    return colour(items, rule_set, at=day(at))


def shade(items: list[EvidenceItem], at: float, rule_set: RuleSet = HANGZHOU) -> Colour:
    return judged(items, at, rule_set).colour


def test_nobody_is_green_without_having_declared() -> None:
    assert shade([], 0) is UNKNOWN
    assert shade([declared()], 0) is GREEN


def test_a_green_code_ends_fourteen_days_after_the_last_declaration() -> None:
    assert judged([declared()], 1).valid_until == day(14)
    assert shade([declared()], 14 - SECOND) is GREEN
    assert shade([declared()], 14) is UNKNOWN


def test_what_is_recorded_later_did_not_count_before() -> None:
    late = replace(stayed(0), recorded_at=day(3))
    assert shade([declared(), late], 2) is GREEN
    assert shade([declared(), late], 3) is YELLOW


def test_seven_clean_days_lead_from_yellow_to_green() -> None:
    story = [declared(), stayed(1), *checked_in(2, 3, 4, 5, 6, 7)]
    assert shade(story, 7) is YELLOW
    assert shade([*story, *checked_in(8)], 8) is GREEN
    assert shade([*story, *checked_in(8)], 12) is GREEN


def test_a_missed_day_starts_the_count_again() -> None:
    story = [declared(), stayed(1), *checked_in(2, 3, 4, 6, 7, 8, 9, 10, 11)]
    assert shade(story, 11) is YELLOW
    assert shade([*story, *checked_in(12)], 12) is GREEN


def test_a_day_with_symptoms_is_not_clean_and_starts_the_count_again() -> None:
    story = [declared(), stayed(1), *checked_in(2, 3, 4), *checked_in(5, symptoms=["cough"])]
    assert shade([*story, *checked_in(6, 7, 8)], 8) is YELLOW
    assert shade([*story, *checked_in(6, 7, 8, 9, 10, 11, 12)], 12) is GREEN


@pytest.mark.parametrize(("tenths", "expected"), [(372, GREEN), (373, YELLOW)])
def test_fever_begins_at_373_tenths(tenths: int, expected: Colour) -> None:
    assert shade([declared(temperature_tenths=tenths)], 0) is expected


def test_two_check_ins_of_one_day_are_one_day() -> None:
    story = [declared(), stayed(1), *checked_in(1.1, 1.2, 2, 3, 4, 5, 6)]
    assert shade(story, 6) is YELLOW
    assert shade([*story, *checked_in(7)], 7) is GREEN


def test_days_are_those_of_shanghai() -> None:
    # 23:59 and 00:01 local time are two days, two minutes apart.
    evening = datetime(2022, 6, 2, 15, 59, tzinfo=UTC)
    moments = [evening, evening + timedelta(minutes=2)]
    story = [
        replace(entry, observed_at=moment, recorded_at=moment)
        for entry, moment in zip(checked_in(2, 3), moments, strict=True)
    ]
    assert project(story, at=day(3))["clean"]["days"] == 2


def test_a_positive_test_of_a_laboratory_is_red_until_fourteen_days_and_a_negative() -> None:
    story = [declared(), sampled(1, "positive"), *checked_in(*range(2, 16))]
    assert shade(story[:2], 1) is RED
    assert shade(story, 15) is RED
    assert shade([*story, sampled(15, "negative")], 15) is GREEN


def test_a_negative_from_before_clears_nothing() -> None:
    story = [declared(), sampled(1, "negative"), sampled(2, "positive")]
    assert shade([*story, *checked_in(*range(3, 17))], 17) is RED


@pytest.mark.parametrize(
    ("source", "extra"),
    [(Source.SELF, {}), (Source.LABORATORY, {"status": "preliminary"})],
)
def test_a_first_reading_is_yellow_at_most(source: Source, extra: dict[str, Any]) -> None:
    story = [declared(), sampled(1, "positive", source, **extra)]
    assert shade(story, 1) is YELLOW
    assert shade([*story, sampled(2, "negative")], 2) is GREEN
    assert shade([*story, sampled(2, "negative", Source.SELF)], 2) is YELLOW


def test_an_open_case_is_red_and_a_closed_one_is_watched() -> None:
    opened, closed = item(K.CASE_OPEN, 1, Source.AUTHORITY), item(K.CASE_CLOSE, 5, Source.AUTHORITY)
    naat = sampled(6, "negative")
    assert shade([declared(), opened], 4, SEVEN) is RED
    assert shade([declared(), opened, closed, naat], 6, SEVEN) is YELLOW
    assert shade([declared(), opened, closed, naat], 12, SEVEN) is GREEN


@pytest.mark.parametrize(
    ("at", "expected"),
    [(7 - SECOND, RED), (7, YELLOW), (10 - SECOND, YELLOW), (10, GREEN)],
)
def test_a_contact_of_june_2022_is_red_seven_days_and_yellow_three(
    at: float, expected: Colour
) -> None:
    story = [declared(), item(K.CONTACT, 0, Source.TRACING), sampled(6.9, "negative")]
    assert shade([*story, sampled(7, "negative"), sampled(9, "negative")], at, SEVEN) is expected


@pytest.mark.parametrize(("hours", "advised"), [(72, True), (72 - 1 / 3600, False), (48, False)])
def test_a_test_of_72_hours_brings_an_advisory_and_no_colour(hours: float, advised: bool) -> None:
    found = judged([declared(), sampled(0, "negative")], hours / 24, SEVEN)
    assert (found.colour, bool(found.advisories)) == (GREEN, advised)


def test_seven_days_without_a_test_turn_the_code_yellow_at_the_moment_it_foretold() -> None:
    story = [declared(), sampled(0, "negative")]
    assert judged(story, 4, SEVEN).valid_until == day(7)
    assert shade(story, 7 - SECOND, SEVEN) is GREEN
    assert shade(story, 7, SEVEN) is YELLOW


def test_leap_days_are_days() -> None:
    at = datetime(2024, 2, 28, 4, 0, tzinfo=UTC)
    entry = replace(declared(), observed_at=at, recorded_at=at)
    found = colour([entry], HANGZHOU, at=at)
    assert found.valid_until == datetime(2024, 3, 13, 4, 0, tzinfo=UTC)


def test_reasons_name_the_rule_and_its_evidence_worst_first() -> None:
    stay, sick = stayed(1), sampled(2, "positive")
    reasons = judged([declared(), stay, sick], 2).reasons
    assert [reason.rule for reason in reasons] == [
        "hz-red-positive", "hz-yellow-area-medium", "hz-green-declared",
    ]  # fmt: skip
    assert reasons[0].evidence == (sick.id,)
    assert reasons[1].evidence == (stay.id,)
    assert reasons[2].until == day(14)


@pytest.mark.parametrize("logic", [{"+": ["one", 1]}, {"var": "half"}, {"===": [1]}])
def test_an_error_makes_it_indeterminate_and_never_green(logic: Any) -> None:
    rule = Rule("bad", 1, RED, logic, (), (), (), {}, {})
    broken = RuleSet("broken", {}, "", (rule,), f"broken {logic}")
    found = assess({**project([], at=day(0)), "half": 0.5}, broken, at=day(0))
    assert (found.indeterminate, found.failed, found.colour) == (True, ("bad",), UNKNOWN)


def test_an_absurd_turning_point_is_an_error_too() -> None:
    until = {"plusTime": ["2022-06-01", 200_000, "year"]}
    far = {"plusTime": ["2022-06-01", 100_000_000, "hour"]}
    for number, moment in enumerate((until, far)):
        rule = Rule("far", 1, RED, True, (moment,), (), (), {}, {})
        far_set = RuleSet("far", {}, "", (rule,), f"far {number}")
        assert assess(project([], at=day(0)), far_set, at=day(0)).failed == ("far",)


def test_an_area_without_known_level_is_no_area_at_risk() -> None:
    assert shade([declared(), item(K.AREA_STAY, 0, level="low")], 0) is GREEN


def test_the_worst_stay_that_runs_counts_and_not_the_last() -> None:
    assert shade([declared(), stayed(7, "high"), stayed(8)], 8) is RED
    assert shade([declared(), stayed(7), stayed(8, "high"), stayed(9)], 9) is RED
    long_over = [stayed(1, "high"), *checked_in(*range(2, 16)), sampled(16, "negative")]
    assert shade([declared(), *long_over, stayed(17)], 17) is YELLOW


@pytest.mark.parametrize("rule_set", [HANGZHOU, SEVEN], ids=lambda found: found.version)
def test_of_two_results_of_one_minute_the_worse_counts(rule_set: RuleSet) -> None:
    antigen = item(K.ANTIGEN, 1 + 20 * SECOND, Source.LABORATORY, result="negative")
    found = [declared(), sampled(1, "positive"), antigen]
    assert shade(found, 1.5, rule_set) is RED
    assert shade([*found[:2], sampled(1, "negative")], 1.5, rule_set) is RED
    for apart in (-59, 59):
        assert shade([*found[:2], sampled(1 + apart * SECOND, "negative")], 2, rule_set) is RED
    assert shade([*found[:2], sampled(1 + 60 * SECOND, "negative")], 2, SEVEN) is GREEN


def test_an_antigen_test_does_not_clear_what_a_naat_has_found() -> None:
    later = item(K.ANTIGEN, 3, Source.LABORATORY, result="negative")
    positive = sampled(1, "positive")
    assert shade([declared(), positive, later], 3, SEVEN) is RED
    assert shade([declared(), positive, later, sampled(4, "negative")], 4, SEVEN) is GREEN
    own_kind = item(K.ANTIGEN, 1, Source.LABORATORY, result="positive")
    assert shade([declared(), own_kind, sampled(0.5, "negative"), later], 3, SEVEN) is GREEN


def test_a_case_that_is_closed_says_nothing_of_another() -> None:
    a, b = (item(K.CASE_OPEN, 1, Source.AUTHORITY, case=name) for name in "AB")
    closed = item(K.CASE_CLOSE, 2, Source.AUTHORITY, case="B")
    assert shade([declared(), a, b, closed], 3) is RED
    assert shade([declared(), b, closed], 3) is GREEN
    assert shade([declared(), a, b, item(K.CASE_CLOSE, 2, Source.AUTHORITY)], 3) is GREEN


RECOVERED = [
    declared(), sampled(1, "positive"), *checked_in(*range(2, 16)), sampled(16, "negative"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        (item(K.VENUE_OVERLAP, 17, Source.TRACING, minutes=20), YELLOW),
        (item(K.ANTIGEN, 17, result="positive"), YELLOW),
        (item(K.DECLARATION, 17, symptoms=["fever"]), YELLOW),
        (stayed(17), YELLOW),
        (item(K.VACCINATION, 17, Source.CERTIFICATE), GREEN),
    ],
    ids=lambda found: str(getattr(found, "kind", "")),
)
def test_somebody_who_has_recovered_is_not_turned_red_by_what_is_no_ground_for_it(
    more: EvidenceItem, expected: Colour
) -> None:
    assert shade(RECOVERED, 16) is GREEN
    assert shade([*RECOVERED, more], 17) is expected


def _rule(name: str, colour: Colour | None, logic: Any, until: Any = ()) -> Rule:
    return Rule(name, 1, colour, logic, until, (), (), {}, {})


def test_one_rule_that_fails_fails_alone() -> None:
    sick = _rule("sick", RED, {"var": "positive"})
    advice = _rule("advice", None, True, ({"plusTime": ["2022-06-01", 200_000, "year"]},))
    bad = _rule("bad", YELLOW, {"+": ["one", 1]})
    some = RuleSet("some", {}, "", (advice, bad, sick), "one fails")
    found = colour([sampled(0, "positive")], some, at=day(1))
    assert (found.colour, found.failed, found.undecided) == (RED, ("advice", "bad"), ("bad",))
    assert [reason.rule for reason in found.advisories] == ["advice"]


FED = [(kind, name) for kind, row in KINDS.items() for name in row.facts]


@pytest.mark.parametrize(("kind", "name"), FED, ids=str)
def test_every_kind_feeds_the_facts_of_its_row(kind: K, name: str) -> None:
    sender = sorted(KINDS[kind].senders - {Source.SELF} or KINDS[kind].senders)[0]
    result = "negative" if name == "negative" else "positive"
    status = "preliminary" if name == "preliminary" else "final"
    piece = item(
        kind, 1, sender, temperature_tenths=390, level="high", result=result, status=status
    )
    assert project([piece], at=day(2))[name]["id"] == piece.id
