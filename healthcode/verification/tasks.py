"""What venues' records do by themselves: they are forgotten."""

from datetime import datetime

from config.kernel import timetable
from healthcode.verification.usecases.purge import next_purge, purge_visits


@timetable.job("health.purge_visits", next_due=next_purge)
def purge(now: datetime) -> int:
    """Delete check-ins after 14 days, looks after 28, names on verifications after one."""
    return purge_visits(now=now)
