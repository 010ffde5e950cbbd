"""Due work of reconciliation."""

from datetime import datetime

from config.kernel import timetable
from merchants.reconciliation import queries
from merchants.reconciliation.usecases.fetch_statements import fetch_statements


@timetable.job(
    "reconciliation.fetch",
    tells="the bank's statement against our books: nothing changes for merchants",
    next_due=queries.next_fetch,
    limit_s=timetable.NIGHT_LIMIT_S,
)
def fetch(now: datetime) -> int:
    """Fetch and compare the bank's statements."""
    return fetch_statements(now=now)
