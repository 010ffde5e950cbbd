"""Jobs of agreements."""

from datetime import datetime

from config.kernel import timetable
from wallet.agreements import queries
from wallet.agreements.usecases.lapse_agreements import lapse_agreements
from wallet.agreements.usecases.plan_debits import announce_debits
from wallet.agreements.usecases.run_deductions import run_deductions


@timetable.job(
    "agreements.announce",
    tells="the payer is told of a debit to come; the merchant of its outcome",
    next_due=queries.next_notice_at,
)
def announce(now: datetime) -> int:
    """Tell payers of the debits of tomorrow."""
    return announce_debits(at=now)


@timetable.job(
    "agreements.debit",
    tells=("payment.paid", "payment.closed", "agreement.debit_failed", "agreement.suspended"),
    next_due=queries.next_deduction_at,
)
def debit(now: datetime) -> int:
    """Make the deductions that are due."""
    return run_deductions(at=now)


@timetable.job(
    "agreements.lapse", tells=("agreement.ended", "payment.closed"), next_due=queries.next_lapse_at
)
def lapse(now: datetime) -> int:
    """End offers and agreements whose time is over."""
    return lapse_agreements(at=now)
