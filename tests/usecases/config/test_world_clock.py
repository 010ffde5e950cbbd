"""Advancing the clock runs what falls due, in order."""

import time
from datetime import UTC, datetime, timedelta

import pytest

from config.kernel import clock, ids, timetable
from config.kernel.errors import InvariantBroken
from config.kernel.management.commands.clock import parse_span
from config.kernel.usecases.advance_clock import advance_clock
from config.kernel.usecases.set_clock import RateInvalid, set_clock

pytestmark = pytest.mark.django_db
due: list[datetime] = []
ran: list[datetime] = []


def next_due() -> datetime | None:
    return min(due, default=None)


def run(now: datetime) -> int:
    done = [moment for moment in due if moment <= now]
    for moment in done:
        due.remove(moment)
        ran.append(moment)
    return len(done)


@pytest.fixture(autouse=True)
def one_job(monkeypatch: pytest.MonkeyPatch) -> None:
    due.clear()
    ran.clear()
    monkeypatch.setattr(timetable, "_jobs", {})
    timetable.job("test.act", next_due=next_due)(run)


def test_moves_the_whole_world_forward() -> None:
    before = clock.now()
    advance_clock(by=timedelta(days=1))
    assert timedelta(days=1) <= clock.now() - before < timedelta(days=1, seconds=5)


def test_runs_due_work_in_order_and_at_its_time() -> None:
    start = clock.now()
    due.extend(start + timedelta(hours=hours) for hours in (5, 1, 3))
    report = advance_clock(by=timedelta(hours=4))
    assert ran == [start + timedelta(hours=1), start + timedelta(hours=3)]
    assert [name for _, name, _ in report.steps] == ["test.act", "test.act"]


def test_runs_work_that_falls_due_because_of_other_work(monkeypatch: pytest.MonkeyPatch) -> None:
    start = clock.now()
    due.append(start + timedelta(hours=1))

    def chained(now: datetime) -> int:
        if run(now) and len(ran) < 3:
            due.append(now + timedelta(hours=1))
        return 1

    monkeypatch.setattr(timetable, "_jobs", {})
    timetable.job("test.chain", next_due=next_due)(chained)
    advance_clock(by=timedelta(hours=10))
    assert len(ran) == 3


def test_ends_when_work_stays_due(monkeypatch: pytest.MonkeyPatch) -> None:
    stuck = clock.now() + timedelta(minutes=1)
    monkeypatch.setattr(timetable, "_jobs", {})
    timetable.job("test.stuck", next_due=lambda: stuck)(lambda now: 0)
    advance_clock(by=timedelta(hours=1))
    assert clock.now() >= stuck


def test_refuses_to_turn_back() -> None:
    with pytest.raises(clock.TimeRunsForward):
        advance_clock(by=timedelta(seconds=-1))


def test_two_jobs_of_one_name_are_refused() -> None:
    with pytest.raises(InvariantBroken):
        timetable.job("test.act", next_due=next_due)(lambda now: 0)


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("90s", timedelta(seconds=90)),
        ("24m", timedelta(minutes=24)),
        ("1d12h", timedelta(hours=36)),
        ("2w", timedelta(days=14)),
    ],
)
def test_reads_spans(text: str, span: timedelta) -> None:
    assert parse_span(text) == span


@pytest.mark.parametrize("text", ["", "1", "d", "1y", "1d 2h", "-1d", "1.5h"])
def test_refuses_what_is_no_span(text: str) -> None:
    with pytest.raises(ValueError, match="no span"):
        parse_span(text)


def test_stands_still_and_is_moved_by_hand() -> None:
    noon = datetime(2026, 3, 2, 12, tzinfo=UTC)
    assert set_clock(times=0, at=noon) == noon
    time.sleep(0.01)
    assert clock.now() == noon
    advance_clock(by=timedelta(hours=1))
    assert clock.now() == noon + timedelta(hours=1)


def test_goes_faster_and_catches_up_with_the_system_at_its_own_pace() -> None:
    before = set_clock(times=3600)
    time.sleep(0.02)
    assert clock.now() - before > timedelta(minutes=1)
    set_clock(times=0, at=datetime(2020, 1, 1, tzinfo=UTC))
    assert set_clock() - datetime.now(UTC) < timedelta(seconds=1)


@pytest.mark.parametrize("times", [-1, 1e9])
def test_refuses_a_pace_that_no_clock_has(times: float) -> None:
    with pytest.raises(RateInvalid):
        set_clock(times=times)


def test_ids_made_while_the_clock_stands_are_in_order_and_come_again_by_a_seed() -> None:
    drawn = []
    for _ in range(2):
        set_clock(times=0, at=datetime(2026, 3, 2, tzinfo=UTC))
        ids.draw_from(42)
        drawn.append([ids.uuid7() for _ in range(50)])
    ids.draw_from(None)
    assert drawn[0] == sorted(drawn[0])
    assert drawn[0] == drawn[1]
