"""Jobs are asked together when they fall due, and answer as each does alone."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, OperationalError, connection
from django.db.models import Value
from django.db.models.functions import Coalesce
from django.test.utils import CaptureQueriesContext

from config.kernel import timetable, transactions
from config.kernel.due_times import Earliest, EarliestOf, earliest_of, moments_of
from config.kernel.limits.models import LimitCount

pytestmark = pytest.mark.django_db
EARLY = datetime(2026, 3, 1, 8, 30, 15, 123456, tzinfo=UTC)
LATE = EARLY + timedelta(days=1)
FIRST_COUNT = Earliest(LimitCount.objects.all, "since")


@pytest.fixture
def counts() -> None:
    for number, since in enumerate((LATE, EARLY)):
        LimitCount.objects.create(name="tries", subject=str(number), since=since)


def told() -> dict[str, Earliest | EarliestOf]:
    jobs = {name: timetable._jobs[name].next_due for name in timetable.names()}
    return {name: due for name, due in jobs.items() if isinstance(due, Earliest | EarliestOf)}


@pytest.mark.usefixtures("counts")
def test_the_first_moment_counts_to_the_microsecond_and_the_delay_is_added() -> None:
    assert FIRST_COUNT() == EARLY
    assert Earliest(LimitCount.objects.all, "since", plus=timedelta(hours=2))() == (
        EARLY + timedelta(hours=2)
    )


@pytest.mark.usefixtures("counts")
def test_rows_left_out_and_moments_that_are_missing_do_not_count() -> None:
    later = Earliest(lambda: LimitCount.objects.exclude(subject="1"), "since")
    nobody = Earliest(lambda: LimitCount.objects.filter(subject="2"), "since")
    worked_out = Earliest(LimitCount.objects.all, Coalesce("since", Value(LATE)))

    assert moments_of([later, nobody, worked_out]) == [LATE, None, EARLY]
    assert earliest_of(nobody, later, FIRST_COUNT)() == EARLY
    assert earliest_of(nobody)() is None


@pytest.mark.usefixtures("counts")
def test_each_job_says_together_what_it_says_alone() -> None:
    jobs = told()
    assert len(jobs) > 40

    alone = [due() for due in jobs.values()]

    assert moments_of(list(jobs.values())) == alone
    assert any(alone)


def test_all_that_tell_it_as_data_cost_one_statement() -> None:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        timetable.dues(of=told())
    # PostgreSQL's driver is spoken to past Django's log.
    assert len(asked) == (0 if connection.vendor == "postgresql" else 1)


@pytest.mark.usefixtures("counts")
def test_one_job_that_spoils_the_statement_stops_no_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def spoilt(asked: object) -> list[datetime | None]:
        raise DatabaseError

    expected = timetable.dues()
    monkeypatch.setattr(timetable, "moments_of", spoilt)

    assert timetable.dues() == expected


def test_where_the_database_is_away_no_job_is_asked_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(asked: object) -> list[datetime | None]:
        raise OperationalError

    monkeypatch.setattr(timetable, "moments_of", away)
    monkeypatch.setattr(transactions, "is_lost_connection", lambda error: True)

    with CaptureQueriesContext(connection) as asked, pytest.raises(OperationalError):
        timetable.dues()
    assert not len(asked)
