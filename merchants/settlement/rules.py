"""Rules of settlement: days, fees, and what a batch moves. Pure.

A business day runs from the merchant's cut-off hour to the same hour of the next day, in
the merchant's own zone: with cut-off at 2, what is sold at 01:30 counts for the evening
before. Days have 23 or 25 hours where clocks change.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta

from config.kernel.errors import Conflict, invariant
from merchants.settlement.values import (
    INCOMING,
    TRANSITIONS,
    BatchState,
    BusinessDay,
    Funds,
    KindSums,
    LineFacts,
    LineKind,
    Movement,
    Totals,
)
from wallet import money
from wallet.business_days import business_date as business_date_of
from wallet.business_days import cut_off

NO_LINES = KindSums()


class BatchStateForbids(Conflict):
    """The batch does not stand where this step begins."""

    code = "invalid_state"
    message = "The batch's state does not allow this."


class DayNotBegun(Conflict):
    """A day that is still to come cannot be closed."""

    code = "day_not_begun"
    message = "The business day has not begun."


def check_begun(*, opens_at: datetime, now: datetime) -> None:
    """Check that a day has begun.

    Raises:
        DayNotBegun: it has not.
    """
    if now <= opens_at:
        raise DayNotBegun(opens_at=opens_at.isoformat())


def check_transition(state: str, to: BatchState) -> BatchState:
    """Give the next state.

    Raises:
        BatchStateForbids: the table of transitions does not lead there.
    """
    if to not in TRANSITIONS[BatchState(state)]:
        raise BatchStateForbids(state=state, wanted=to.value)
    return to


def business_day(business_date: date, *, zone: str, cutoff_hour: int) -> BusinessDay:
    """The moments that a merchant's day spans.

    Args:
        business_date: the day, as the merchant calls it.
        zone: IANA name of the merchant's time zone.
        cutoff_hour: 0 to 23; the hour, local time, at which a day begins and ends.
    """
    return BusinessDay(
        business_date=business_date,
        opens_at=cut_off(business_date, zone=zone, hour=cutoff_hour),
        closes_at=cut_off(business_date + timedelta(days=1), zone=zone, hour=cutoff_hour),
    )


def business_day_of(moment: datetime, *, zone: str, cutoff_hour: int) -> BusinessDay:
    """The merchant's day that a moment falls in."""
    on = business_date_of(moment, zone=zone, cutoff_hour=cutoff_hour)
    day = business_day(on, zone=zone, cutoff_hour=cutoff_hour)
    invariant(day.opens_at <= moment < day.closes_at, "days follow each other without a gap")
    return day


def refund_fee(
    *,
    paid_minor: int,
    fee_minor: int,
    refunded_before_minor: int,
    fee_back_before_minor: int,
    amount_minor: int,
) -> int:
    """The part of a payment's fee that one refund brings back, in minor units.

    After each refund the fee brought back is the largest-remainder share of all that is
    refunded so far, so the parts sum to the fee exactly when all is refunded and never to
    more on the way, in whatever slices and order.

    Args:
        paid_minor: the payment.
        fee_minor: its fee.
        refunded_before_minor: sum of its earlier refunds.
        fee_back_before_minor: what they brought back.
        amount_minor: this refund.
    """
    refunded_minor = refunded_before_minor + amount_minor
    invariant(0 < refunded_minor <= paid_minor, "refunds stay within the payment")
    fee_back_minor = money.share(fee_minor, [refunded_minor, paid_minor - refunded_minor])[0]
    invariant(fee_back_minor >= fee_back_before_minor, "a fee only comes back")
    return fee_back_minor - fee_back_before_minor


def sums_of(lines: Iterable[LineFacts]) -> dict[LineKind, KindSums]:
    """Add lines up by their kinds."""
    sums: dict[LineKind, KindSums] = {}
    for line in lines:
        one = KindSums(1, line.amount_minor, line.fee_minor, line.pending_minor)
        sums[line.kind] = sums.get(line.kind, NO_LINES) + one
    return sums


def totals(sums: Mapping[LineKind, KindSums]) -> Totals:
    """What a batch's lines come to as a whole."""
    paid, refunded, split, back = (sums.get(kind, NO_LINES) for kind in LineKind)
    return Totals(
        payment_count=paid.count,
        refund_count=refunded.count,
        gross_minor=paid.amount_minor,
        refunded_minor=refunded.amount_minor,
        fee_minor=paid.fee_minor - refunded.fee_minor,
        split_minor=split.amount_minor,
        split_back_minor=back.amount_minor,
    )


def pending_claim(sums: Mapping[LineKind, KindSums], *, brought_minor: int) -> int:
    """What the lines say is in merchant:pending for this batch, in minor units.

    Args:
        sums: the batch's lines by kind.
        brought_minor: what the batch before claimed and could not move.
    """
    claim = brought_minor
    for kind, one in sums.items():
        claim += one.pending_minor if kind in INCOMING else -one.pending_minor
    return claim


def movement(*, claim_minor: int, fee_minor: int, funds: Funds) -> Movement:
    """Decide what a batch's journal moves.

    Args:
        claim_minor: see `pending_claim`. Refunds and splits that were taken from payable or
            receivable are not in it: the ledger has them already.
        fee_minor: fees less fees brought back; may be negative.
        funds: what the merchant's accounts hold now.

    The fee comes first; a shortfall is covered from payable, then owed by the merchant; a
    surplus first repays what the merchant owes.
    """
    pending_minor = max(0, min(claim_minor, funds.pending_minor))
    rest = pending_minor - fee_minor
    short, surplus = max(0, -rest), max(0, rest)
    payable_debit_minor = min(short, max(0, funds.payable_minor))
    receivable_minor = min(surplus, max(0, funds.owed_minor))
    return Movement(
        pending_minor=pending_minor,
        fee_minor=max(0, fee_minor),
        fee_back_minor=max(0, -fee_minor),
        payable_minor=surplus - receivable_minor,
        payable_debit_minor=payable_debit_minor,
        receivable_debit_minor=short - payable_debit_minor,
        receivable_minor=receivable_minor,
        carried_minor=claim_minor - pending_minor,
    )


def after_calculation(*, payable_minor: int, limit_minor: int) -> BatchState:
    """Where a calculated batch goes: to be paid, to a second pair of eyes, or to rest.

    Args:
        payable_minor: what is to be paid out.
        limit_minor: the most that goes out without approval.
    """
    if payable_minor == 0:
        return BatchState.PAID
    return BatchState.AWAITING_APPROVAL if payable_minor > limit_minor else BatchState.CALCULATED


def taken_elsewhere(sums: Mapping[LineKind, KindSums]) -> int:
    """What refunds and splits took from elsewhere than pending, in minor units."""
    return sum(
        one.amount_minor - one.pending_minor for kind, one in sums.items() if kind not in INCOMING
    )
