"""The table of limits, and the one rule that judges them. Pure.

How a slice adds a limit (a merchant's credit, say):

1. Declare it in the slice's `rules`, below its refusal::

       REFUND_CREDIT = declare(
           Limit(
               name="merchants.refund_credit",
               whose="merchant",
               period=Period.STANDING,
               lock="onboarding_merchant",
               refuse=lambda rest, **facts: CreditExceeded(remaining_minor=rest, **facts),
               setting="SAOMA_REFUND_CREDIT_MINOR",
           )
       )

2. In the use case lock the row named in `lock` first, read the sum after that, judge it and
   write the new sum in the same transaction::

       merchant = onboarding.merchant_for_update(merchant_id)
       judge(REFUND_CREDIT, used=debt_minor, amount=refund_minor, ceiling=ceiling(REFUND_CREDIT))

   `ceiling` is in `config.kernel.limits.ceilings`; a ceiling of one subject's own is passed
   as it is. Where there is no row to lock, `config.kernel.limits.counting` keeps one.
3. Give it a race in `tests/concurrency/limits/`: the suite fails on a limit without one.
"""

from collections.abc import Mapping
from datetime import date

from config.kernel.errors import invariant, required
from config.kernel.limits.values import Limit, Period

_limits: dict[str, Limit] = {}


def declare(limit: Limit) -> Limit:
    """Put a limit into the table; gives it back."""
    invariant(limit.name not in _limits, f"one limit is called {limit.name}")
    invariant((limit.period is Period.WINDOW) == (limit.window is not None), "a window has a span")
    _limits[limit.name] = limit
    return limit


def table() -> Mapping[str, Limit]:
    """All limits of the product, by name."""
    return dict(sorted(_limits.items()))


def rest(*, used: int, ceiling: int | None) -> int | None:
    """What is left under a ceiling, never below 0; None for no limit."""
    return None if ceiling is None else max(0, ceiling - used)


def judge(limit: Limit, /, *, used: int, amount: int, ceiling: int | None, **facts: object) -> None:
    """Judge an amount against a limit.

    Whoever is about to spend calls this with the sum read under the limit's lock, and
    adds to that sum in the same transaction. A look without the lock is allowed for a
    kinder refusal earlier, never instead.

    Args:
        limit: a declared limit.
        used: the sum so far, of the present period.
        amount: what is to be added, in the sum's unit.
        ceiling: the most that the sum may be; None for no limit.
        facts: for the refusal.

    Raises:
        what `limit.refuse` makes: the sum would go past the ceiling.
    """
    if ceiling is not None and used + amount > ceiling:
        raise required(limit.refuse, "what is judged can be refused")(
            max(0, ceiling - used), **facts
        )


def of_day(counted: int, *, day: date, today: date) -> int:
    """A day's sum as it stands today; a day that lies ahead still counts, none is reopened."""
    return counted if day >= today else 0


def of_year(counted: int, *, year: int, this_year: int) -> int:
    """A year's sum as it stands this year; a year that lies ahead still counts."""
    return counted if year >= this_year else 0
