"""Count money paid out against the limits of the payer's person: the one place that does."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from config.kernel import clock, transactions
from config.kernel.errors import invariant
from config.kernel.limits.ceilings import ceiling
from config.kernel.limits.rules import judge, of_day, of_year
from config.kernel.limits.values import Limit
from wallet.accounts import queries, rules
from wallet.accounts.models import LimitUsage
from wallet.accounts.values import Limits

_DAY_COUNTERS = ("day_no_pin_minor", "day_pin_minor", "day_offline_minor", "day_static_minor")


@transactions.atomic_retry
def consume_limit(
    *,
    user_id: uuid.UUID,
    amount_minor: int,
    days: Sequence[Limit] = (),
    reserve: bool = False,
    at: datetime | None = None,
) -> Limits:
    """Add an outgoing amount to what the payer's person has used, if all limits allow it.

    Every way of paying passes here: by code, with the PIN, under an agreement, a transfer,
    a freeze. The sums are read under the row's lock, judged and written in the same
    transaction; PostgreSQL's `payments_pay_group` does the same for the common case. Day and
    year are the house's. A sum never goes back: not by the clock of another server, and
    not by a zone that the payer chooses.

    Args:
        user_id: the payer.
        amount_minor: in fen, above zero.
        days: the limits of the day that this way of paying counts against.
        reserve: set it aside for a payment to come instead of counting it as paid.
        at: the moment that counts; now if None.

    Returns:
        The limits as they stand after the payment.

    Raises:
        KycRequired: tier 0 may not pay.
        KycLimit: the tier's limit would be passed; `remaining_minor` says what is left.
        what the limits of the day refuse with.
        UserUnknown: there is no such user.

    Locks: the person's limit usage. Part of the caller's transaction, so that a payment
    which fails later counts nothing.
    """
    invariant(amount_minor > 0, "an outgoing payment is above zero")
    at = at or clock.now()
    usage = queries.locked_usage(user_id)
    user = queries.user(user_id)
    _turn(usage, at)
    rules.check_outgoing(queries.limits_of(user, usage, at=at), amount_minor=amount_minor)
    check_days(usage, days, amount_minor=amount_minor, at=at)
    if reserve:
        usage.reserved_minor += amount_minor
    else:
        usage.lifetime_minor += amount_minor
        usage.year_minor += amount_minor
    for limit in days:
        setattr(usage, limit.counter, getattr(usage, limit.counter) + amount_minor)
    usage.save()
    return queries.limits_of(user, usage, at=at)


def check_days(
    usage: LimitUsage, days: Sequence[Limit], *, amount_minor: int, at: datetime
) -> None:
    """Judge an amount against limits of the day.

    With a row that is not locked this is a look before the leap: it gives a kinder
    refusal early and promises nothing.

    Raises:
        what the first limit that would be passed refuses with.
    """
    today = clock.house_day(at)
    for limit in days:
        judge(
            limit,
            used=of_day(getattr(usage, limit.counter), day=usage.day, today=today),
            amount=amount_minor,
            ceiling=ceiling(limit),
        )


@transactions.atomic_retry
def restore_limit(
    *, user_id: uuid.UUID, amount_minor: int, paid_at: datetime | None = None
) -> None:
    """Give the room of a voided or refunded payment back, never below zero.

    Only the period in which it was paid gets room: last year's payment makes none in this
    year's limit. The day's limits guard against theft and give nothing back.

    Args:
        user_id: the payer.
        amount_minor: what is given back, in fen.
        paid_at: when it was paid; now if None.

    Locks: the person's limit usage.
    """
    invariant(amount_minor > 0, "what is given back is above zero")
    usage = queries.locked_usage(user_id)
    usage.lifetime_minor = max(0, usage.lifetime_minor - amount_minor)
    if clock.house_day(paid_at).year == usage.year:
        usage.year_minor = max(0, usage.year_minor - amount_minor)
    usage.save(update_fields=["lifetime_minor", "year_minor"])


@transactions.atomic_retry
def unreserve_outgoing(*, user_id: uuid.UUID, amount_minor: int) -> None:
    """Give back what a freeze had set aside of the limits: it is over, or about to be paid.

    Locks: the person's limit usage.
    """
    usage = queries.locked_usage(user_id)
    usage.reserved_minor = max(0, usage.reserved_minor - amount_minor)
    usage.save(update_fields=["reserved_minor"])


def _turn(usage: LimitUsage, at: datetime) -> None:
    """Begin a new day or year where one has come; neither ever goes back."""
    today = clock.house_day(at)
    usage.year_minor = of_year(usage.year_minor, year=usage.year, this_year=today.year)
    usage.year = max(usage.year, today.year)
    for counter in _DAY_COUNTERS:
        setattr(usage, counter, of_day(getattr(usage, counter), day=usage.day, today=today))
    usage.day = max(usage.day, today)
