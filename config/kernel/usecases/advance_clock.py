"""Advance the world's clock and run what falls due, in order."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import F

from config.kernel import clock, timetable, transactions
from config.kernel.models import WorldClock
from config.kernel.outbox import relay

# A job that stays due after it ran (its work failed) must not hold the clock for ever.
MAX_STEPS = 20_000


@dataclass(slots=True)
class Advance:
    """What an advance did: where the clock stands, and each job run on the way."""

    now: datetime
    steps: list[tuple[datetime, str, int]] = field(default_factory=list)
    events: int = 0


def advance_clock(*, by: timedelta) -> Advance:
    """Move the world's clock forward and do what falls due on the way, in order.

    The clock stops at each due time, runs the jobs due then and delivers the events
    they made, so that what comes of them (a retry, a payout) falls due in its turn.

    Args:
        by: how far; zero runs what is due now.

    Raises:
        clock.TimeRunsForward: `by` is negative.
    """
    if by < timedelta():
        raise clock.TimeRunsForward(by=str(by))
    target = clock.now() + by
    report = Advance(now=target)
    report.events += relay.drain()
    stuck_at: datetime | None = None
    for _ in range(MAX_STEPS):
        moments = timetable.dues()
        due = min(moments.values(), default=None)
        if due is None or due > target or due == stuck_at:
            break
        _set_forward(due)
        ran = timetable.run_due(clock.now(), moments)
        report.steps.extend((due, name, count) for name, count in ran)
        report.events += relay.drain()
        stuck_at = None if any(count for _, count in ran) else due
    _set_forward(target)
    for name, count in timetable.run_due(clock.now(), moments):
        report.steps.append((target, name, count))
    report.events += relay.drain()
    report.now = clock.now()
    return report


@transactions.atomic_retry
def _set_forward(moment: datetime) -> None:
    """Let the clock stand at `moment`, never turning it back."""
    ahead = moment - clock.now()
    if ahead <= timedelta():
        return
    WorldClock.objects.get_or_create(id=1)
    microseconds = ahead // timedelta(microseconds=1)
    WorldClock.objects.filter(id=1).update(offset_us=F("offset_us") + microseconds)
    clock.forget()
