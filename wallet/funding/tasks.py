"""Jobs of funding, and what of it keeps a wallet from being closed."""

from datetime import datetime

from config.kernel import timetable
from wallet.accounts.usecases.close_user import keeps_wallet_open
from wallet.funding import queries
from wallet.funding.usecases.settle_day import run_due

keeps_wallet_open("funding")(queries.keeps_open)


@timetable.job(
    "funding.settle",
    tells="a customer's own matter",
    next_due=queries.next_due,
    limit_s=timetable.NIGHT_LIMIT_S,
)
def settle(now: datetime) -> int:
    """Yield, the fund's and the lender's money, bills."""
    return run_due(now=now)
