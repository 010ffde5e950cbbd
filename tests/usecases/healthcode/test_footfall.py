"""Footfall: rough counts for anybody, nobody to be picked out."""

import math
import uuid
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError
from rest_framework.test import APIClient

from config.kernel import clock
from healthcode.footfall import rules
from healthcode.footfall.models import Cell, Dataset, PrivacyAccount
from healthcode.footfall.usecases.seal import seal_hour
from healthcode.subjects.models import Subject
from healthcode.verification.models import CheckIn, Venue
from tests.factories.health import later, make_gate

HOUR = datetime(2026, 3, 1, 8, tzinfo=UTC)
AREA = "330100"


# ---- rules -----------------------------------------------------------------------------------
def test_the_same_cell_has_the_same_noise_and_another_key_other_noise() -> None:
    drawn = {rules.noise(b"key", "330100 8") for _ in range(5)}
    assert len(drawn) == 1
    assert len({rules.noise(f"key {n}".encode(), "330100 8") for n in range(50)}) > 3


def test_noise_is_geometric_around_nothing() -> None:
    drawn = [rules.noise(b"key", str(cell)) for cell in range(20_000)]
    alpha = math.exp(-0.5)
    assert abs(sum(drawn) / len(drawn)) < 0.1
    assert abs(drawn.count(0) / len(drawn) - (1 - alpha) / (1 + alpha)) < 0.01
    far = sum(abs(value) > rules.margin() for value in drawn) / len(drawn)
    assert far < 2 * rules.DELTA


@pytest.mark.parametrize(
    ("count", "drawn", "shown"),
    [(9, 100, None), (10, 14, 24), (10, 13, None), (24, 0, 24), (500, -2, 498), (0, 0, None)],
)
def test_small_cells_are_suppressed_whatever_the_noise(
    count: int, drawn: int, shown: int | None
) -> None:
    assert rules.margin() == 14
    assert rules.released(count, drawn) == shown


def test_a_person_counts_once_an_hour_and_eight_hours_a_day() -> None:
    visits = [("ann", "330102"), ("ann", "330103"), ("ben", "330103"), ("cy", "330102")]
    found = rules.cells(visits, {"cy": rules.HOURS_A_DAY, "ben": rules.HOURS_A_DAY - 1})
    assert found == Counter({"330102": 1, "330103": 1})


def test_differencing_learns_no_more_than_the_noise_allows() -> None:
    """Thirty accounts of the attacker's own, and one target who is there or not."""
    epsilon, seeds = rules.EPSILON_MILLI / 1000, range(4000)

    def answers(count: int, side: str) -> list[int | None]:
        return [rules.released(count, rules.noise(f"{side} {n}".encode(), "cell")) for n in seeds]

    without, having = answers(30, "without"), answers(31, "with")
    limit = math.exp(epsilon) / (1 + math.exp(epsilon)) + rules.DELTA
    for threshold in range(10, 60):
        right = sum(value is not None and value >= threshold for value in having)
        right += sum(value is None or value < threshold for value in without)
        assert right / (2 * len(seeds)) <= limit + 0.02
    odds = Counter(having)
    for value, times in Counter(without).items():
        if times > 200:
            assert odds[value] / times < math.exp(epsilon) * 1.25


def test_the_threshold_is_no_oracle_either() -> None:
    """Nine accounts of the attacker's own: the tenth person opens nothing."""
    shown = [rules.released(10, rules.noise(f"seed {n}".encode(), "cell")) for n in range(4000)]
    assert sum(value is not None for value in shown) / len(shown) <= 2 * rules.DELTA


# ---- the whole -------------------------------------------------------------------------------
pytestmark = pytest.mark.django_db(transaction=True)


def crowd(venue: Venue, number: int, at: datetime) -> list[Subject]:
    """So many people who came to a venue at one moment."""
    people = Subject.objects.bulk_create(
        [Subject(holder_ref=uuid.uuid4().hex) for _ in range(number)]
    )
    CheckIn.objects.bulk_create(
        CheckIn(
            subject=person, venue=venue, at=at, direction="IN", method="TERMINAL",
            presence="SHOWN", colour="GREEN", delete_after=at + timedelta(days=14),
        )
        for person in people
    )  # fmt: skip
    return people


def ask(**names: Any) -> Any:
    return APIClient().get("/api/v1/city/footfall", names)


@pytest.fixture
def hour() -> datetime:
    """The hour that runs, with a hundred people in it."""
    now = clock.now()
    crowd(make_gate().venue, 100, now)
    return rules.hour_of(now)


def test_an_hour_is_sealed_then_published_and_roughly_right(hour: datetime) -> None:
    assert ask(area=AREA, hour=hour.isoformat()).json()["code"] == "footfall_not_published"
    later(hours=1, minutes=16)
    assert Dataset.objects.get().state != "OPEN"
    later(hours=1)
    assert Dataset.objects.get().state == "PUBLISHED"
    answer = ask(area=AREA, hour=hour.isoformat()).json()
    assert answer["suppressed"] is False
    assert abs(answer["count"] - 100) < 40


def test_asking_again_counting_again_or_erasing_changes_nothing(hour: datetime) -> None:
    seal_hour(hour=hour)
    first = Cell.objects.get().count
    CheckIn.objects.all()[0].delete()
    assert seal_hour(hour=hour).state == "SEALED"
    assert Cell.objects.get().count == first
    assert PrivacyAccount.objects.get().spent_milli == rules.EPSILON_MILLI


def test_a_spent_day_publishes_nothing_more(hour: datetime) -> None:
    seal_hour(hour=hour - timedelta(hours=30))
    PrivacyAccount.objects.update(spent_milli=rules.DAY_BUDGET_MILLI)
    Dataset.objects.all().delete()
    assert seal_hour(hour=hour - timedelta(hours=30)).epsilon_milli == 0
    with pytest.raises(IntegrityError):
        PrivacyAccount.objects.update(spent_milli=rules.DAY_BUDGET_MILLI + 1)


def test_few_nobody_and_nowhere_look_the_same(hour: datetime) -> None:
    few = make_gate("Teahouse").venue
    Venue.objects.filter(id=few.id).update(region="330102")
    crowd(few, 5, clock.now())
    later(hours=2)
    later(hours=1)
    told = [ask(area=area, hour=hour.isoformat()).json() for area in ("330102", "990000")]
    assert [(answer["suppressed"], answer["count"]) for answer in told] == [(True, None)] * 2


@pytest.mark.parametrize(
    ("names", "field"),
    [
        ({"area": AREA}, "hour"),
        ({"area": AREA, "hour": "9999-12-31T23:00:00-14:00"}, "hour"),
        ({"hour": HOUR.isoformat()}, "area"),
        ({"area": AREA, "hour": HOUR.isoformat(), "subject_id": "x"}, "subject_id"),
        ({"area": AREA, "hour": HOUR.isoformat(), "venue": "x"}, "venue"),
        ({"area": [AREA, "330102"], "hour": HOUR.isoformat()}, "area"),
        ({"area": "3301", "hour": HOUR.isoformat()}, "area"),
        ({"area": "33010%", "hour": HOUR.isoformat()}, "area"),
        ({"area": AREA, "hour": "2026-03-01T08:30:00+00:00"}, "hour"),
        ({"area": AREA, "hour": "2026-03-01T08:00:00"}, "hour"),
        ({"area": AREA, "hour": "2026-03-01T08:00:00+05:30"}, "hour"),
        ({"area": AREA, "hour": "yesterday"}, "hour"),
    ],
)
def test_nothing_narrower_than_an_area_and_a_whole_hour_can_be_asked(
    names: Any, field: str
) -> None:
    answer = ask(**names)
    assert (answer.status_code, answer.json()["code"]) == (400, "footfall_question_invalid")
    assert answer.json()["field"] == field
