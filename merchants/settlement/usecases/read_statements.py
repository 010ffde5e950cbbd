"""Read the statements of a day: what each merchant's business day came to, or holds so far."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from config.kernel import clock
from merchants.settlement import queries, rules
from merchants.settlement.accounts import held_before
from merchants.settlement.models import SettlementBatch
from merchants.settlement.usecases.collect_lines import collect_lines, reach, unsettled_refunds
from merchants.settlement.usecases.collect_sales import sales_sums, unsettled_sales
from merchants.settlement.usecases.keep_fee_rule import FeeRules
from merchants.settlement.values import UNCALCULATED, BatchState, LineKind

SUMS = (
    "payment_count",
    "refund_count",
    "gross_minor",
    "refunded_minor",
    "split_minor",
    "split_back_minor",
    "fee_minor",
    "net_minor",
    "brought_minor",
    "carried_minor",
    "taken_minor",
    "covered_minor",
    "receivable_minor",
    "payable_minor",
    "aside_minor",
    "released_minor",
    "reserved_minor",
    "unreserved_minor",
    "netted_minor",
)


@dataclass(frozen=True, slots=True)
class Statement:
    """A merchant's day in one currency, amounts in minor units.

    Of a day that is not calculated (`is_open`) the sums are what it holds so far, with the fees
    that settlement would charge now, and nothing of it is payable yet. Opening and closing
    balance are all that the merchant has with us, less its debt, when the day begins and ends;
    the closing balance of a day that is not over is that of this moment.
    """

    merchant_number: str
    business_date: date
    currency: str
    state: BatchState
    is_open: bool
    opens_at: datetime
    closes_at: datetime
    opening_minor: int
    closing_minor: int
    payment_count: int
    refund_count: int
    gross_minor: int
    refunded_minor: int
    split_minor: int
    split_back_minor: int
    fee_minor: int
    net_minor: int
    brought_minor: int
    carried_minor: int
    taken_minor: int
    covered_minor: int
    receivable_minor: int
    payable_minor: int
    aside_minor: int
    released_minor: int
    reserved_minor: int
    unreserved_minor: int
    netted_minor: int


def read_statements(
    *, owner_id: uuid.UUID, business_date: date, states: Iterable[str] = ()
) -> list[Statement]:
    """The statements of all of an owner's merchants, by merchant and currency.

    Args:
        owner_id: the wallet user who owns the merchants.
        business_date: the day, as each merchant counts it.
        states: only batches in these states; all where none is named.

    Locks: none; of an open day it is what was committed when it was read.
    """
    rows = queries.batches_of(owner_id).filter(business_date=business_date)
    if state_list := list(states):
        rows = rows.filter(state__in=state_list)
    return [_statement(batch) for batch in rows.order_by("merchant__merchant_number", "currency")]


def _statement(batch: SettlementBatch) -> Statement:
    is_open = batch.state in UNCALCULATED
    if is_open:
        _hold_so_far(batch)
    merchant = batch.merchant
    return Statement(
        merchant_number=merchant.merchant_number,
        business_date=batch.business_date,
        currency=batch.currency,
        state=BatchState(batch.state),
        is_open=is_open,
        opens_at=batch.opens_at,
        closes_at=batch.closes_at,
        opening_minor=held_before(merchant, batch.opens_at),
        closing_minor=held_before(merchant, min(batch.closes_at, clock.now())),
        **{name: getattr(batch, name) for name in SUMS},
    )


def _hold_so_far(batch: SettlementBatch) -> None:
    """Fill a batch's sums in from what it would settle now; it is not saved."""
    rules_of = FeeRules(batch.merchant, store=False)
    if batch.fee_rule is None:
        batch.fee_rule = rules_of.of("", batch.business_date)
    refunds = unsettled_refunds(batch.merchant, reach(batch))
    sales = unsettled_sales(batch.merchant, reach(batch))
    sums_by_kind = rules.sums_of(collect_lines(batch, sales, refunds, rules_of))
    paid = sales_sums(sales, rules_of, batch.fee_rule)
    sums_by_kind[LineKind.PAYMENT] = paid + sums_by_kind.get(LineKind.PAYMENT, rules.NO_LINES)
    sums = rules.totals(sums_by_kind)
    before = queries.calculated_before(batch)
    batch.brought_minor = before.carried_minor if before else 0
    for name in SUMS[:8]:
        setattr(batch, name, getattr(sums, name))
