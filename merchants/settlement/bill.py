"""The daily bill as a file: one line for each payment, refund and split, then the totals.

Comma-separated, CRLF, UTF-8, with a byte-order mark for programs that want one. Amounts
are signed decimals in major units; times are in the merchant's zone. Text that a
spreadsheet could take for a formula is written with a leading apostrophe.
"""

import csv
import io
import uuid
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from itertools import islice
from zoneinfo import ZoneInfo

from config.kernel.local_times import local_times
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
    if bom:
        yield BOM
    yield _written([HEADER])
    rest = _cells(lines, batch_by_id)
    while part := list(islice(rest, AT_ONCE)):
        yield _written(part)
    yield _written(_total(batch) for batch in batch_by_id.values())


def _cells(
    lines: Iterable[BillLine], batches: dict[uuid.UUID, SettlementBatch]
) -> Iterator[tuple[str, ...]]:
    """Each line's cells."""
    ends: dict[str, tuple[str, str, Callable[[str], str]]] = {}
    for (
        batch, kind, occurred, number, reference, request_no, amount_minor, fee_minor, net_minor,
        rule, version,
    ) in lines:  # fmt: skip
        if batch not in ends:
            ends[batch] = _end(batches[uuid.UUID(batch)])
        currency, day, local = ends[batch]
        sign = 1 if kind in INCOMING else -1
        yield (
            kind,
            local(occurred),
            number,
            _plain(reference),
            _plain(request_no),
            _amount(sign * amount_minor, currency),
            _amount(-sign * fee_minor, currency),
            _amount(net_minor, currency),
            currency,
            _rule(rule, version),
            day,
        )


def _end(batch: SettlementBatch) -> tuple[str, str, Callable[[str], str]]:
    """What is the same in each line of a batch: its currency and day, and how it writes times."""
    local = local_times(batch.merchant.zone, sep="T", with_offset=True)
    return batch.currency, batch.business_date.isoformat(), local


_amount = lru_cache(maxsize=4096)(money.format_amount)


@lru_cache(maxsize=256)
def _rule(rule: str, version: int) -> str:
    return f"{uuid.UUID(rule)} v{version}"


def _total(batch: SettlementBatch) -> tuple[str, ...]:
    return (
        "TOTAL",
        batch.closes_at.astimezone(ZoneInfo(batch.merchant.zone)).isoformat(timespec="seconds"),
        batch.merchant.merchant_number,
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
