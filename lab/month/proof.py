"""Prove a played month: six totals a merchant and day, the files themselves, and a second run."""

import csv
import hashlib
import io
import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from django.core.management import call_command

from config.kernel import clock
from config.kernel.errors import required
from config.kernel.usecases.advance_clock import advance_clock
from lab.month.plan import SHOPS, day_of
from lab.month.play import Month
from lab.month.sales import Stall
from merchants.bills.rules import period
from merchants.bills.usecases.hand_out_bill import hand_out_bill
from merchants.bills.values import BillKind
from merchants.escrow.models import Escrow
from merchants.payouts.models import Payout
from merchants.payouts.usecases.settle_date import settle_date
from merchants.reconciliation.six_totals import SixTotals, six_totals
from merchants.reconciliation.usecases.read_statement import read_statement
from merchants.reconciliation.usecases.reconcile_day import reconcile_day
from merchants.settlement.accounts import own_accounts
from merchants.settlement.models import SettlementBatch
from wallet import public as wallet
from wallet.money import parse_amount

ONE_DAY = timedelta(days=1)
BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)
# Journals of what buyers, and those who share in a sale, give and get back.
TRADES = frozenset({"payment", "refund", "split", "split_return", "escrow_release"})
# Journals of merchant:payable that a batch's own sums speak of.
PLANNED = frozenset({"settlement", "reserve_held", "reserve_released", "payout", "payout_returned"})


def totals_of(month: Month) -> list[SixTotals]:
    """The six totals of every business day that the month opened, by merchant and day."""
    days = SettlementBatch.objects.order_by().values_list("business_date", flat=True).distinct()
    months = sorted({day.replace(day=1) for day in days})
    return [one for each in months for one in six_totals(month=each, now=clock.now())]


def gross_differences(month: Month) -> list[str]:
    """Days on which a batch's sales are not those that the plan has by the wall's clock.

    A guaranteed sale counts for the day of its release.
    """
    planned: Counter[tuple[str, date]] = Counter()
    released = dict(Escrow.objects.values_list("payment_id", "released_at"))
    for sale in month.plan.sales:
        merchant = month.stalls[sale.shop].merchant
        at = released.get(month.payment_ids[sale.number]) if sale.is_guaranteed else sale.at
        if at is not None:
            planned[merchant.merchant_number, day_of(sale.shop, at)] += sale.amount_minor
    batches = SettlementBatch.objects.filter(gross_minor__gt=0).select_related("merchant")
    gross = Counter(
        {(one.merchant.merchant_number, one.business_date): one.gross_minor for one in batches}
    )
    return [f"{number} {day}" for number, day in planned | gross if
            planned[number, day] != gross[number, day]]  # fmt: skip


def dated_differences(month: Month) -> list[str]:
    """Days on which the ledger's entries, by the date each bears, came to another sum.

    They are held to the batch's sums before its fee: what was sold, refunded and shared.
    """
    entry_sums: Counter[tuple[str, date]] = Counter()
    for stall in month.stalls:
        for account_id, sign in own_accounts(stall.merchant):
            for entry in wallet.entries_between(account_id, BEGINNING, clock.now()):
                if entry.kind in TRADES:
                    number = stall.merchant.merchant_number
                    entry_sums[number, entry.business_date] += sign * entry.change_minor
    batches = SettlementBatch.objects.select_related("merchant")
    batch_sums = Counter(
        {
            (one.merchant.merchant_number, one.business_date): one.net_minor + one.fee_minor
            for one in batches
        }
    )
    days = entry_sums.keys() | batch_sums.keys()
    return [f"{number} {day}" for number, day in sorted(days) if
            entry_sums[number, day] != batch_sums[number, day]]  # fmt: skip


def file_differences(first: date, last: date) -> list[str]:
    """Payouts of which the payout file or the bank's statement has another sum than the books."""
    ordered: Counter[str] = Counter()
    moved: Counter[str] = Counter()
    for day in _days(first, last):
        for row in csv.DictReader(io.StringIO(_payout_file(day))):
            ordered[row["reference"]] += parse_amount(row["amount"], row["currency"])
        for row in csv.DictReader(io.StringIO(_statement(day))):
            if row["record"] == "LINE":
                moved[row["reference"]] -= int(row["amount_minor"])
    return [
        payout.id.hex
        for payout in Payout.objects.all()
        if not payout.amount_minor == ordered[payout.id.hex] == moved[payout.id.hex]
    ]


def netted_differences(month: Month) -> list[str]:
    """Merchants whose ledger has another sum taken of what was to be paid out than the batches.

    It is what left merchant:payable otherwise than to the bank or the rolling reserve, with
    what is still there and without what was kept back for it.
    """
    return [
        stall.merchant.merchant_number for stall in month.stalls if _netted(stall) != _taken(stall)
    ]


def _netted(stall: Stall) -> int:
    batches = SettlementBatch.objects.filter(merchant=stall.merchant)
    return sum(one.netted_minor + one.payable_minor - one.out_minor for one in batches)


def _taken(stall: Stall) -> int:
    account_id = required(stall.merchant.payable_account_id, "a stall is approved")
    entries = list(wallet.entries_between(account_id, BEGINNING, clock.now()))
    left_minor = sum(one.change_minor for one in entries)
    covered_minor = sum(min(one.change_minor, 0) for one in entries if one.kind == "settlement")
    others_minor = sum(one.change_minor for one in entries if one.kind not in PLANNED)
    return left_minor - covered_minor - others_minor


def breaks(first: date, last: date) -> int:
    """How many differences there are between the bank's statements and our books, all days."""
    count = 0
    for day in _days(first, last):
        read_statement(content=_statement(day).encode())
    for day in _days(first, last):
        count += len(reconcile_day(day=day))
    return count


def settle_again(first: date, last: date) -> None:
    """Settle each day once more, by hand, and let the timetable do what it finds."""
    for day in _days(first, last):
        settle_date(business_date=day)
    advance_clock(by=timedelta())


def digest(month: Month, first: date, last: date) -> str:
    """SHA-256 over every batch, bill, payout file and statement of the month."""
    whole = hashlib.sha256()
    for total in totals_of(month):
        whole.update(json.dumps(as_line(total), sort_keys=True).encode())
    for day in _days(first, last):
        whole.update(_payout_file(day).encode())
        whole.update(_statement(day).encode())
        for stall in month.stalls:
            whole.update(_bill(month, stall.merchant.merchant_number, day))
    return whole.hexdigest()


def as_line(total: SixTotals) -> dict[str, object]:
    """A merchant's day as one JSON object."""
    batch = total.batch
    names = (name for name in SixTotals._fields if name != "batch")
    return {
        "merchant_id": batch.merchant.merchant_number,
        "zone": batch.merchant.zone,
        "cutoff_hour": batch.merchant.cutoff_hour,
        "date": batch.business_date.isoformat(),
        "state": batch.state,
        **{name: getattr(total, name) for name in names},
        "ties": total.ties,
    }


def _days(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += ONE_DAY


def _payout_file(day: date) -> str:
    out = io.StringIO()
    call_command("payout_file", date=day, format="csv", stdout=out)
    return out.getvalue()


def _statement(day: date) -> str:
    out = io.StringIO()
    call_command("bank_statement", date=day, format="csv", stdout=out)
    return out.getvalue()


def _bill(month: Month, number: str, day: date) -> bytes:
    stall = next(one for one in month.stalls if one.merchant.merchant_number == number)
    merchant = stall.merchant
    span = period(day.isoformat(), zone=merchant.zone, cutoff_hour=merchant.cutoff_hour)
    with hand_out_bill(merchant=merchant, kind=BillKind.TRADES, period=span) as bill:
        return bill.read()


def shop_names() -> list[str]:
    """The shops of the month, for people."""
    return [f"{shop.name} ({shop.zone}, {shop.cutoff_hour}:00)" for shop in SHOPS]
