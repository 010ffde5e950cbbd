"""What splits do by themselves: the waiting ones are carried out."""

from datetime import datetime

from config.kernel import timetable
from merchants.splits import queries
from merchants.splits.usecases.split_due import split_due


@timetable.job("splits.carry_out", next_due=queries.next_due)
def carry_out(now: datetime) -> int:
    """Carry out the splits that are due."""
    return split_due(now=now)
