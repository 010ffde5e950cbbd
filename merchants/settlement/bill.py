"""The daily bill as a file: one line for each payment, refund and split, then the totals.

Comma-separated, CRLF, UTF-8, with a byte-order mark for programs that want one. Amounts
are signed decimals in major units; times are in the merchant's zone. Text that a
spreadsheet could take for a formula is written with a leading apostrophe.
"""

import csv
import io
from collections.abc import Iterable, Iterator
from itertools import islice
from zoneinfo import ZoneInfo

from merchants.settlement.models import SettlementBatch
from merchants.settlement.values import INCOMING, BillLine
from wallet import money

AT_ONCE = 500
BOM = "\ufeff"
HEADER = (
    "kind",
    "time",
    "payment_number",
    "reference",
    "refund_request",
    "amount",
    "fee",
    "net",
    "currency",
    "fee_rule",
    "business_date",
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def rows(
    batches: Iterable[SettlementBatch], lines: Iterable[BillLine], *, bom: bool
) -> Iterator[str]:
    """Write the bill of some batches, a few hundred lines at a time.

    Args:
        batches: whose totals end the file, merchants fetched along.
        lines: theirs, in the order of the day.
        bom: begin with a byte-order mark.
    """
    batch_by_id = {batch.id: batch for batch in batches}
    zones = {batch.id: ZoneInfo(batch.merchant.zone) for batch in batch_by_id.values()}
    if bom:
        yield BOM
    yield _written([HEADER])
    rest = (_line(line, batch_by_id[line.batch_id], zones[line.batch_id]) for line in lines)
    while part := list(islice(rest, AT_ONCE)):
        yield _written(part)
    yield _written(_total(batch) for batch in batch_by_id.values())


def _line(line: BillLine, batch: SettlementBatch, zone: ZoneInfo) -> tuple[str, ...]:
    sign = 1 if line.kind in INCOMING else -1
    return (
        line.kind,
        line.occurred_at.astimezone(zone).isoformat(timespec="seconds"),
        line.number,
        _plain(line.reference),
        _plain(line.request_no),
        money.format_amount(sign * line.amount_minor, batch.currency),
        money.format_amount(-sign * line.fee_minor, batch.currency),
        money.format_amount(line.net_minor, batch.currency),
        batch.currency,
        f"{line.fee_rule_id} v{line.fee_rule_version}",
        batch.business_date.isoformat(),
    )


def _total(batch: SettlementBatch) -> tuple[str, ...]:
    return (
        "TOTAL",
        batch.closes_at.astimezone(ZoneInfo(batch.merchant.zone)).isoformat(timespec="seconds"),
        batch.merchant.merchant_id,
        f"{batch.payment_count} payments",
        f"{batch.refund_count} refunds",
        money.format_amount(batch.net_minor + batch.fee_minor, batch.currency),
        money.format_amount(-batch.fee_minor, batch.currency),
        money.format_amount(batch.net_minor, batch.currency),
        batch.currency,
        "",
        batch.business_date.isoformat(),
    )


def _plain(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text


def _written(rows: Iterable[tuple[str, ...]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()
