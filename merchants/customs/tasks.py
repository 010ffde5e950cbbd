"""Job of customs declarations: fetch the offices' answers."""

from datetime import datetime

from config.kernel import timetable
from merchants.customs import queries
from merchants.customs.usecases.receive_answers import receive_answers


@timetable.job(
    "customs.answer",
    tells="the merchant asks how its declaration stands",
    next_due=queries.next_answer,
)
def answer(now: datetime) -> int:
    """Take in what the offices answer."""
    return receive_answers(now=now)
