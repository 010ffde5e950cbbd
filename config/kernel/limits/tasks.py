"""Forgetting counts that are over."""

from datetime import datetime, timedelta

from config.kernel import timetable
from config.kernel.limits.counting import drop_old
from config.kernel.limits.models import LimitCount

# Longer than any window, so that no count is dropped while it still says no.
KEPT_FOR = timedelta(days=2)


def next_dropping() -> datetime | None:
    """When the oldest count may go."""
    first = LimitCount.objects.order_by("since").values_list("since", flat=True).first()
    return first + KEPT_FOR if first else None


@timetable.job("limits.forget", next_due=next_dropping)
def forget_counts(now: datetime) -> int:
    """Delete counts whose windows are over."""
    return drop_old(now, longest=KEPT_FOR)
