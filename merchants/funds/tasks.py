"""Jobs of funds: process the bank's replies, send batches line by line."""

from datetime import datetime

from config.kernel import timetable
from merchants.funds import queries
from merchants.funds.usecases.process_bank_replies import process_due_replies
from merchants.funds.usecases.send_batch import send_due


@timetable.job("funds.hear_bank", tells=("merchant_transfer.ended",), next_due=queries.next_answer)
def process_bank(now: datetime) -> int:
    """Take in the bank's answers about transfers to cards."""
    return process_due_replies(now=now)


@timetable.job(
    "funds.send_batches",
    tells=("merchant_batch.ended", "merchant_transfer.ended"),
    next_due=queries.next_batch,
)
def send_batches(now: datetime) -> int:
    """Send the lines of batches whose time has come."""
    return send_due(now=now)
