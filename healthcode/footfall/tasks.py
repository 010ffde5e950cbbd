"""Each hour is sealed a quarter of an hour after its end, and published an hour after."""

from datetime import datetime

from config.kernel import timetable
from config.kernel.due_times import Earliest
from healthcode.footfall import queries, rules
from healthcode.footfall.models import Dataset
from healthcode.footfall.usecases.seal import publish_hours, seal_hour
from healthcode.footfall.values import DatasetState

BATCH = 50


def _next_seal() -> datetime | None:
    hour = queries.next_hour()
    return hour + rules.HOUR + rules.SEALED_AFTER if hour else None


@timetable.job("health.seal_footfall", next_due=_next_seal)
def seal(now: datetime) -> int:
    """Seal the hours that are over and have been for a quarter of an hour."""
    for count in range(BATCH):
        hour = queries.next_hour()
        if hour is None or hour + rules.HOUR + rules.SEALED_AFTER > now:
            return count
        seal_hour(hour=hour)
    return BATCH


_next_publication = Earliest(
    lambda: Dataset.objects.filter(state=DatasetState.SEALED),
    "hour",
    plus=rules.HOUR + rules.PUBLISHED_AFTER,
)


@timetable.job("health.publish_footfall", next_due=_next_publication)
def publish(now: datetime) -> int:
    """Publish what was sealed."""
    return publish_hours(now=now)
