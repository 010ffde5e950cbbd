"""The daily bill as a file: one line for each payment, refund and split, then the totals.

Comma-separated, CRLF, UTF-8, with a byte-order mark for programs that want one. Amounts
are signed decimals in major units; times are in the merchant's zone. Text that a
spreadsheet could take for a formula is written with a leading apostrophe.
"""

import csv
import io
from collections.abc import Iterable, Iterator
from zoneinfo import ZoneInfo

from merchants.settlement.models import SettlementBatch, SettlementLine
from merchants.settlement.values import INCOMING
from wallet import money

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
    batches: Iterable[SettlementBatch], lines: Iterable[SettlementLine], *, bom: bool
) -> Iterator[str]:
    """Write the bill of some batches row by row.

    Args:
        batches: whose totals end the file, merchants fetched along.
        lines: theirs, in the order of the day, rules and batches fetched along.
        bom: begin with a byte-order mark.
    """
    batch_by_id = {batch.id: batch for batch in batches}
    if bom:
        yield BOM
    yield _written(HEADER)
    for line in lines:
        yield _written(_line(line, batch_by_id[line.batch_id]))
    for batch in batch_by_id.values():
        yield _written(_total(batch))


def _line(line: SettlementLine, batch: SettlementBatch) -> tuple[str, ...]:
    sign = 1 if line.kind in INCOMING else -1
    zone = ZoneInfo(batch.merchant.zone)
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
        f"{line.fee_rule_id} v{line.fee_rule.version}",
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


def _written(row: tuple[str, ...]) -> str:
    text = io.StringIO()
    csv.writer(text).writerow(row)
    return text.getvalue()
