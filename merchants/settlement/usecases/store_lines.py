"""Store the lines of a batch: a day may have a hundred thousand."""

import uuid
from collections.abc import Iterable, Iterator
from itertools import islice

from django.db import connection, transaction

from config.kernel import transactions
from config.kernel.ids import uuid7
from merchants.settlement.models import SettlementBatch, SettlementLine
from merchants.settlement.values import LineFacts

AT_ONCE = 2000
COLUMNS = (
    "id",
    "batch_id",
    "kind",
    "payment_id",
    "refund_id",
    "split_id",
    "number",
    "reference",
    "request_no",
    "amount_minor",
    "fee_minor",
    "net_minor",
    "pending_minor",
    "fee_rule_id",
    "occurred_at",
    "journal_id",
)


def store_lines(batch: SettlementBatch, lines: Iterable[LineFacts]) -> None:
    """Store a batch's lines, on PostgreSQL by COPY; part of the caller's transaction.

    Raises:
        IntegrityError: one of them is on a line already.
    """
    transactions.require()
    rows = _rows(batch.id, lines)
    # Whole parts: an id asks the clock, which may ask the database, which is busy with COPY.
    while part := list(islice(rows, AT_ONCE)):
        if connection.vendor == "postgresql":
            _copy(part)
        else:
            line_rows = [SettlementLine(**dict(zip(COLUMNS, row, strict=True))) for row in part]
            SettlementLine.objects.bulk_create(line_rows)


def _copy(rows: Iterable[tuple[object, ...]]) -> None:
    columns = ", ".join(COLUMNS)
    statement = f"COPY {SettlementLine._meta.db_table} ({columns}) FROM STDIN"
    with (
        transaction.atomic(),
        connection.wrap_database_errors,
        connection.cursor() as cursor,
        cursor.copy(statement) as copy,
    ):
        for row in rows:
            copy.write_row(row)


def _rows(batch_id: uuid.UUID, lines: Iterable[LineFacts]) -> Iterator[tuple[object, ...]]:
    """Each line's columns, in the order of COLUMNS."""
    for line in lines:
        yield (
            uuid7(),
            batch_id,
            line.kind.value,
            line.payment_id,
            line.refund_id,
            line.split_id,
            line.number,
            line.reference,
            line.request_no,
            line.amount_minor,
            line.fee_minor,
            line.net_minor,
            line.pending_minor,
            line.fee_rule_id,
            line.occurred_at,
            line.journal_id,
        )
