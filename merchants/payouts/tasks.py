"""What payouts do by themselves, from a calculated batch to the bank's last word."""

from datetime import datetime

from config.kernel import timetable
from merchants.payouts import queries
from merchants.payouts.usecases import pay_due


@timetable.job(
    "payouts.create", tells=("merchant_debt.collected",), next_due=queries.next_to_create
)
def create(now: datetime) -> int:
    """Make payouts of calculated batches."""
    return pay_due.create_due(now=now)


@timetable.job(
    "payouts.submit",
    tells="the settlement shows where its payout is",
    next_due=queries.next_to_submit,
)
def submit(now: datetime) -> int:
    """Send payouts to the bank."""
    return pay_due.submit_due(now=now)


@timetable.job("payouts.hear_bank", tells=("payout.returned",), next_due=queries.next_answer)
def process_bank(now: datetime) -> int:
    """Take in the bank's answers."""
    return pay_due.process_due_replies(now=now)


@timetable.job(
    "payouts.flag_overdue",
    tells="an operator's case; the settlement shows where its payout is",
    next_due=queries.next_overdue,
)
def flag_overdue(now: datetime) -> int:
    """Mark payouts that the bank has not answered in time."""
    return pay_due.flag_due(now=now)
