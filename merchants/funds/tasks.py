"""What funds do by themselves: they hear the bank."""

from datetime import datetime

from config.kernel import timetable
from merchants.funds import queries
from merchants.funds.usecases.hear_card_bank import hear_due


@timetable.job("funds.hear_bank", next_due=queries.next_answer)
def hear_bank(now: datetime) -> int:
    """Take in the bank's answers about transfers to cards."""
    return hear_due(now=now)
