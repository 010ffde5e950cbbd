"""Jobs of scan and go."""

from datetime import datetime

from config.kernel import timetable
from merchants.selfscan import queries
from merchants.selfscan.usecases.leave_store import end_overdue


@timetable.job("selfscan.end", tells=("payment.closed",), next_due=queries.next_due)
def end(now: datetime) -> int:
    """Abandon idle trips, and end exit codes."""
    return end_overdue(now=now)
