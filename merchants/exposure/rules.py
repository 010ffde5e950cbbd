"""What covers a refund, and how far a merchant may come to owe us. Pure.

A refund is paid, in this order, from

1. the trade's own account, where it is a guaranteed trade that was not released;
2. the merchant's unsettled sales, of whatever trade, less the fees that all of them will
   cost as they stand after the refund: a fee is never given to anybody else;
3. what is settled and waits for its payout, also where it is set aside for splits: a buyer
   comes before a payee who may still be named;
4. the merchant's transfer balance;
5. our credit: what the merchant owes us grows, to its ceiling and no further.

What these do not cover is refused, and nothing is written. Whoever had a share of the trade
is asked to give it back only where the refund says so; what comes back is among the
unsettled sales then. The ceiling is the merchant's own where one was set; else the house's,
which a young merchant does not get; a merchant that is not in force has none.

Debt is taken from payable and balance before anything leaves them by payout, transfer or
split, and from each day's settlement. While some is left, nothing is split and nothing is
transferred.
"""

from datetime import datetime, timedelta

from config.kernel.errors import Conflict, InvalidRequest
from merchants.exposure.values import Cover, Funds, SettledFunds

# How long a debt has lasted, by the first bucket whose days it does not pass.
BUCKETS = ((7, "0-7"), (30, "8-30"), (90, "31-90"))
OLDEST = "91+"
HIGHEST_CEILING_MINOR = 100_000_000_00


class CeilingOutOfRange(InvalidRequest):
    """A ceiling is not negative and at most 100,000,000.00."""

    code = "credit_ceiling_out_of_range"
    message = "A credit ceiling lies between 0.00 and 100000000.00."


def check_ceiling(ceiling_minor: int) -> None:
    """Check a merchant's own ceiling, in minor units.

    Raises:
        CeilingOutOfRange: it is negative or too high.
    """
    if not 0 <= ceiling_minor <= HIGHEST_CEILING_MINOR:
        raise CeilingOutOfRange(field="ceiling", maximum_minor=HIGHEST_CEILING_MINOR)


def ceiling(
    *,
    own_minor: int | None,
    house_minor: int,
    since: datetime | None,
    young_days: int,
    in_force: bool,
    now: datetime,
) -> int:
    """How much a merchant may come to owe us, in minor units.

    Args:
        own_minor: the merchant's own ceiling; None where none was set.
        house_minor: what a merchant without one gets.
        since: when it was approved; None before that.
        young_days: a merchant is young for so many days.
        in_force: whether it may sell.
        now: the present.
    """
    if not in_force:
        return 0
    if own_minor is not None:
        return own_minor
    if since is None or now < since + timedelta(days=young_days):
        return 0
    return house_minor


def cover(amount_minor: int, *, escrow_minor: int, funds: Funds) -> Cover:
    """Take a refund from what covers it, in order.

    Args:
        amount_minor: the refund, at least 1.
        escrow_minor: what waits in the trade's own account.
        funds: the merchant's, fees as they will be after the refund.
    """
    parts, rest_minor = [], amount_minor
    for held_minor in (
        escrow_minor,
        funds.sales_minor,
        funds.payable_minor,
        funds.balance_minor,
        funds.credit_minor,
    ):
        parts.append(min(rest_minor, max(0, held_minor)))
        rest_minor -= parts[-1]
    escrow, sales, payable, balance, credit = parts
    return Cover(escrow, sales, payable, balance, credit, rest_minor)


def after_debt(*, owed_minor: int, payable_minor: int, balance_minor: int) -> SettledFunds:
    """Take a debt from payable, then from the transfer balance; all in minor units."""
    from_payable = min(owed_minor, max(0, payable_minor))
    from_balance = min(owed_minor - from_payable, max(0, balance_minor))
    return SettledFunds(
        payable_minor=max(0, payable_minor) - from_payable,
        balance_minor=max(0, balance_minor) - from_balance,
        owed_minor=owed_minor - from_payable - from_balance,
    )


def next_bucket(*, since: datetime, now: datetime) -> datetime:
    """When a debt passes into its next bucket; past the last one, a month later."""
    for longest, _ in BUCKETS:
        at = since + timedelta(days=longest + 1)
        if at > now:
            return at
    return now + timedelta(days=30)


class NothingOwed(Conflict):
    """The merchant owes us less than what is to be written off."""

    code = "debt_smaller"
    message = "The merchant does not owe us that much."


def check_write_off(*, amount_minor: int, owed_minor: int) -> None:
    """Check that a debt of so much is there to be written off.

    Raises:
        NothingOwed: it is not, or the amount is not above zero.
    """
    if not 0 < amount_minor <= owed_minor:
        raise NothingOwed(field="amount_minor", owed_minor=owed_minor)


def bucket(*, since: datetime, now: datetime) -> str:
    """In which bucket of age a debt stands, by the days it has lasted."""
    days = (now - since).days
    return next((name for longest, name in BUCKETS if days <= longest), OLDEST)
