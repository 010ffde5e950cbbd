"""Move the world's clock from a page."""

from datetime import timedelta

from config.kernel import clock, timetable
from config.kernel.usecases.advance_clock import Advance, advance_clock
from lab.values import Step

DISTANCES = {Step.HOUR: timedelta(hours=1), Step.DAY: timedelta(days=1)}


def move_clock(*, step: Step) -> Advance:
    """Move the world's clock by an hour, a day, or to the next thing that falls due.

    With nothing due ahead, the next event is now: the clock stays, what is late runs.
    """
    if step is not Step.NEXT:
        return advance_clock(by=DISTANCES[step])
    due = timetable.earliest()
    ahead = timedelta() if due is None else max(due - clock.now(), timedelta())
    return advance_clock(by=ahead)
