"""Job: delete old calls from the gateway's log."""

from datetime import datetime

from config.kernel import timetable
from merchants.workbench import queries
from merchants.workbench.usecases.store_calls import clear_old_calls


@timetable.job(
    "workbench.clear_calls",
    tells="nothing changes for merchants",
    next_due=queries.oldest_call_ends,
)
def clear_calls(now: datetime) -> int:
    """Delete calls that are older than the log reaches."""
    return clear_old_calls(now=now)
