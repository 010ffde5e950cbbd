"""A settled day in the six places that speak of it."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import NamedTuple

from merchants.bills.queries import trade_rows
from merchants.bills.rules import period
from merchants.bills.values import TradeSums
from merchants.payouts.bank import movements
from merchants.payouts.models import Payout
from merchants.payouts.values import PayoutState
from merchants.reconciliation.other_days import moved_between_days, waiting_trades
from merchants.settlement.models import SettlementBatch, SettlementLine
from merchants.settlement.queries import booked
from merchants.settlement.values import BatchState

CAME_BACK = frozenset({PayoutState.RETURNED, PayoutState.RECALLED})


class SixTotals(NamedTuple):
    """One merchant's business day; amounts in minor units of the batch's currency.

    The first four are what the day came to after refunds, splits and fees: by the ledger's
    entries, the batch, the statement's lines and the trade bill. The bill lists what happened on
    the day, the batch what is settled with it: a sale in escrow is settled on the day of its
    release, and what came after a day was closed by hand with the next one. `other_days_minor`
    is what the batch has of other days less what the bill has for other batches. The last two
    are what went to the merchant's bank: by the payouts and by the bank. `payable_minor` is what
    the batch says goes out: its net with what was brought, carried, set aside, owed, less
    `netted_minor`, which debts, refunds and splits took of it before it went.
    """

    batch: SettlementBatch
    entries_minor: int
    batch_minor: int
    statement_minor: int
    trade_bill_minor: int
    other_days_minor: int
    payout_file_minor: int
    bank_statement_minor: int
    payable_minor: int
    netted_minor: int

    @property
    def is_settled(self) -> bool:
        """Whether the day is paid out, so that all six are final."""
        return self.batch.state == BatchState.PAID

    @property
    def ties(self) -> bool:
        """Whether all agree; of a day that is not settled, the first four after its cut-off."""
        if self.batch.state in {BatchState.OPEN, BatchState.CUT_OFF}:
            return True
        day = {
            self.entries_minor,
            self.batch_minor,
            self.statement_minor,
            self.trade_bill_minor + self.other_days_minor,
        }
        out = {self.payout_file_minor, self.bank_statement_minor, self.payable_minor}
        return len(day) == 1 and (len(out) == 1 or not self.is_settled)


def six_totals(*, month: date, now: datetime) -> Iterator[SixTotals]:
    """Each merchant's days of a month, by merchant and day.

    Args:
        month: its first day.
        now: until when the bank's movements count.
    """
    after = (month + timedelta(days=31)).replace(day=1)
    batches = SettlementBatch.objects.filter(business_date__gte=month, business_date__lt=after)
    moved: dict[str, int] = {}
    for movement in movements(now):
        moved[movement.reference] = moved.get(movement.reference, 0) + movement.change_minor
    ordered = batches.select_related("merchant").order_by(
        "merchant__merchant_number", "business_date", "currency"
    )
    for batch in ordered.iterator(chunk_size=100):
        yield _of(batch, moved)


def _of(batch: SettlementBatch, moved: dict[str, int]) -> SixTotals:
    merchant = batch.merchant
    day = period(
        batch.business_date.isoformat(), zone=merchant.zone, cutoff_hour=merchant.cutoff_hour
    )
    lines = SettlementLine.objects.filter(batch=batch).values_list("net_minor", flat=True)
    payouts = Payout.objects.filter(batch=batch)
    listed = TradeSums()
    waiting_minor, waiting = 0, waiting_trades(merchant)
    for row in trade_rows(merchant, day):
        listed.add(row)
        if row.number in waiting:
            waiting_minor += row.amount_minor + row.fee_minor + row.split_minor
    return SixTotals(
        batch=batch,
        entries_minor=booked([batch]).net_minor,
        batch_minor=batch.net_minor,
        statement_minor=sum(lines.iterator(chunk_size=2000)),
        trade_bill_minor=listed.net_minor,
        other_days_minor=moved_between_days(batch, day) - waiting_minor,
        payout_file_minor=sum(
            payout.amount_minor for payout in payouts if payout.state not in CAME_BACK
        ),
        bank_statement_minor=-sum(moved.get(payout.id.hex, 0) for payout in payouts),
        payable_minor=batch.out_minor - batch.netted_minor,
        netted_minor=batch.netted_minor,
    )
