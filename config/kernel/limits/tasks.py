"""Forgetting counts that are over."""

from datetime import datetime, timedelta

from config.kernel import timetable
from config.kernel.due_times import Earliest
from config.kernel.limits.counting import drop_old
from config.kernel.limits.models import LimitCount

# Longer than any window, so that no count is dropped while it still says no.
KEPT_FOR = timedelta(days=2)


# When the oldest count may go.
next_dropping = Earliest(LimitCount.objects.all, "since", plus=KEPT_FOR)


@timetable.job("limits.forget", next_due=next_dropping)
def forget_counts(now: datetime) -> int:
    """Delete counts whose windows are over."""
    return drop_old(now, longest=KEPT_FOR)
