"""Move the world's clock from a page or over HTTP, and say what fired on the way."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from config.kernel import clock, timetable
from config.kernel.usecases.advance_clock import Advance, advance_clock
from lab.values import Step
from lab.words import job_in_words

DISTANCES = {Step.HOUR: timedelta(hours=1), Step.DAY: timedelta(days=1)}


@dataclass(frozen=True, slots=True)
class Due:
    """Something of the timetable: when, which job, in words, and how many things it did."""

    at: datetime
    job: str
    words: str
    done: int = 0


def move_clock(*, step: Step) -> Advance:
    """Move the world's clock by an hour, a day, or to the next thing that falls due.

    With nothing due ahead, the next event is now: the clock stays, what is late runs.
    """
    if step is not Step.NEXT:
        return advance_clock(by=DISTANCES[step])
    due = timetable.earliest()
    ahead = timedelta() if due is None else max(due - clock.now(), timedelta())
    return advance_clock(by=ahead)


def advance_by(seconds: int) -> Advance:
    """Move the world's clock by seconds."""
    return advance_clock(by=timedelta(seconds=seconds))


def advance_to(moment: datetime) -> Advance:
    """Move the world's clock to a moment.

    Raises:
        clock.TimeRunsForward: the moment has passed.
    """
    return advance_clock(by=moment - clock.now())


def upcoming() -> list[Due]:
    """What will fire, soonest first: the next time of each job that has something to do."""
    moments = sorted((at, name) for name, at in timetable.dues().items())
    return [Due(at, name, job_in_words(name)) for at, name in moments]


def fired(report: Advance) -> list[Due]:
    """What an advance fired that did something, in order."""
    return [Due(at, name, job_in_words(name), step) for at, name, step in report.steps if step]
