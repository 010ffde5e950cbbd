"""The exact moments at which colours turn: to the second, over leap days and clock changes."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from healthcode.evidence.values import EvidenceItem, EvidenceKind, Source
from healthcode.rules import library
from healthcode.rules.assess import colour
from healthcode.rules.facts import project
from healthcode.rules.values import Colour
from healthcode.verification.rules import admits

SEVEN = library.shipped("7plus3-2022-06")
HANGZHOU = library.shipped("hangzhou-2020-02")
K = EvidenceKind
NOON = datetime(2022, 6, 1, 4, 0, tzinfo=UTC)
LEAP = datetime(2020, 2, 22, 4, 0, tzinfo=UTC)
BEIJING = ZoneInfo("Asia/Shanghai")
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)


def piece(kind: EvidenceKind, at: datetime, **payload: object) -> EvidenceItem:
    source = Source.LABORATORY if kind is K.NAAT else Source.AUTHORITY
    if kind in (K.DECLARATION, K.DAILY_CHECKIN):
        source = Source.SELF
    return EvidenceItem(f"{kind}{at:%m%d%H%M%S}", kind, at, at, source, payload)


def sampled(at: datetime, result: str = "negative") -> EvidenceItem:
    return piece(K.NAAT, at, result=result)


def story(begin: datetime, kind: EvidenceKind) -> list[EvidenceItem]:
    """Something happened; negative on days 7, 9 and 10, a declaration before."""
    tests = [sampled(begin + number * DAY) for number in (7, 9, 10)]
    return [piece(K.DECLARATION, begin - SECOND), piece(kind, begin), *tests]


@pytest.mark.parametrize("begin", [NOON, LEAP], ids=["June", "over 29 February"])
@pytest.mark.parametrize("kind", [K.CONTACT, K.ENTRY])
def test_seven_plus_three_turns_on_days_seven_and_ten_to_the_second(
    begin: datetime, kind: EvidenceKind
) -> None:
    items = story(begin, kind)
    moments = {
        7 * DAY - SECOND: Colour.RED, 7 * DAY: Colour.YELLOW, 10 * DAY - SECOND: Colour.YELLOW,
        10 * DAY: Colour.GREEN,
    }  # fmt: skip
    for after, expected in moments.items():
        assert colour(items, SEVEN, at=begin + after).colour is expected, after
    assert colour(items, SEVEN, at=begin + 7 * DAY - SECOND).valid_until == begin + 7 * DAY


def test_the_tenth_day_without_a_negative_test_stays_yellow() -> None:
    items = [entry for entry in story(NOON, K.CONTACT) if entry.kind is not K.NAAT]
    early = sampled(NOON + 6 * DAY)
    assert colour([*items, early], SEVEN, at=NOON + 10 * DAY).colour is Colour.YELLOW


@pytest.mark.parametrize("begin", [NOON, LEAP], ids=["June", "over 29 February"])
def test_a_declaration_is_good_for_fourteen_days_to_the_second(begin: datetime) -> None:
    items = [piece(K.DECLARATION, begin)]
    assert colour(items, HANGZHOU, at=begin + 14 * DAY - SECOND).colour is Colour.GREEN
    assert colour(items, HANGZHOU, at=begin + 14 * DAY).colour is Colour.UNKNOWN


def test_no_test_in_seven_days_is_yellow_to_the_second() -> None:
    items = [piece(K.DECLARATION, NOON + 2 * DAY), sampled(NOON)]
    assert colour(items, SEVEN, at=NOON + 7 * DAY - SECOND).colour is Colour.GREEN
    assert colour(items, SEVEN, at=NOON + 7 * DAY).colour is Colour.YELLOW


@pytest.mark.parametrize("hours", [24, 48, 72])
def test_a_gate_takes_a_test_of_exactly_its_age_and_not_a_second_older(hours: int) -> None:
    age = timedelta(hours=hours)
    for tested_at, expected in ((NOON - age, True), (NOON - age - SECOND, False)):
        assert (
            admits(
                colours=["GREEN"], colour="GREEN", max_test_age_h=hours, tested_at=tested_at,
                at=NOON,
            )
            is expected
        )  # fmt: skip


def test_an_advice_to_test_comes_after_seventy_two_hours_to_the_second() -> None:
    items = [piece(K.DECLARATION, NOON), sampled(NOON)]
    for after, advised in ((timedelta(hours=72) - SECOND, False), (timedelta(hours=72), True)):
        found = colour(items, SEVEN, at=NOON + after)
        assert bool(found.advisories) is advised


@pytest.mark.parametrize("zone", ["Europe/Paris", "America/New_York", "Asia/Shanghai", "UTC"])
def test_clock_changes_elsewhere_move_nothing(zone: str) -> None:
    begin = datetime(2022, 3, 24, 12, 0, tzinfo=UTC)
    items = story(begin, K.CONTACT)
    here = (begin + 7 * DAY).astimezone(ZoneInfo(zone))
    assert colour(items, SEVEN, at=here).colour is Colour.YELLOW
    assert colour(items, SEVEN, at=here - SECOND).colour is Colour.RED


def checked(first: datetime, *days: int) -> list[EvidenceItem]:
    """A stay in an area at risk, and clean check-ins at nine on those days after."""
    stay = piece(K.AREA_STAY, first, level="medium")
    ins = [piece(K.DAILY_CHECKIN, first + day * DAY + timedelta(hours=1)) for day in days]
    return [piece(K.DECLARATION, first), stay, *ins]


@pytest.mark.parametrize("first", [NOON, LEAP], ids=["June", "over 29 February"])
def test_seven_clean_days_and_a_missed_one_starts_again(first: datetime) -> None:
    whole = checked(first, *range(1, 8))
    assert colour(whole, HANGZHOU, at=first + 7 * DAY + timedelta(hours=1)).colour is Colour.GREEN
    broken = checked(first, 1, 2, 3, *range(5, 11))
    at = first + 10 * DAY + timedelta(hours=1)
    assert colour(broken, HANGZHOU, at=at).colour is Colour.YELLOW
    assert project(broken, at=at)["clean"] == {"days": 6, "running": 6}
    mended = checked(first, 1, 2, 3, *range(5, 12))
    assert colour(mended, HANGZHOU, at=first + 11 * DAY + timedelta(hours=1)).colour is Colour.GREEN


def test_a_day_is_missed_at_midnight_in_the_programmes_zone() -> None:
    items = checked(NOON, 1, 2, 3)
    midnight = datetime(2022, 6, 6, 0, 0, tzinfo=BEIJING)
    assert project(items, at=midnight - SECOND)["clean"]["running"] == 3
    assert project(items, at=midnight)["clean"]["running"] == 0


def test_red_needs_fourteen_clean_days_and_a_negative_test() -> None:
    found = [piece(K.DECLARATION, NOON), sampled(NOON, "positive")]
    ins = [piece(K.DAILY_CHECKIN, NOON + day * DAY + timedelta(hours=1)) for day in range(1, 15)]
    negative = sampled(NOON + 13 * DAY)
    end = NOON + 14 * DAY + timedelta(hours=1)
    assert colour([*found, *ins, negative], HANGZHOU, at=end).colour is Colour.GREEN
    assert colour([*found, *ins[:-1], negative], HANGZHOU, at=end).colour is Colour.RED
    assert colour([*found, *ins], HANGZHOU, at=end).colour is Colour.RED
