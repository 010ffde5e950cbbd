"""The general ledger of a day as files: comma-separated, and a journal that hledger reads."""

import csv
import io
from collections.abc import Iterable, Iterator
from enum import StrEnum
from itertools import groupby

from wallet.money import format_amount
from wallet.public import PostedEntry

HEADER = (
    "posted_at",
    "journal_id",
    "kind",
    "reference",
    "account",
    "debit",
    "credit",
    "currency",
)


class LedgerFormat(StrEnum):
    """How a day of the general ledger is written."""

    CSV = "csv"
    HLEDGER = "hledger"


def write(entries: Iterable[PostedEntry], ledger_format: LedgerFormat) -> Iterator[str]:
    """Write entries, journal by journal, in a format; the file is UTF-8."""
    return _csv(entries) if ledger_format is LedgerFormat.CSV else _hledger(entries)


def _csv(entries: Iterable[PostedEntry]) -> Iterator[str]:
    yield _row(HEADER)
    for entry in entries:
        amount = format_amount(abs(entry.amount_minor), entry.currency)
        sides = (amount, "") if entry.amount_minor > 0 else ("", amount)
        yield _row(
            (
                entry.posted_at.isoformat(),
                str(entry.journal_id),
                entry.kind,
                entry.reference,
                entry.account,
                *sides,
                entry.currency,
            )
        )


def _row(cells: Iterable[str]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(cells)
    return text.getvalue()


def _hledger(entries: Iterable[PostedEntry]) -> Iterator[str]:
    """One transaction a journal; a debit is positive, as hledger has it."""
    for journal_id, lines in groupby(entries, key=lambda entry: entry.journal_id):
        postings = list(lines)
        first = postings[0]
        day = first.posted_at.date().isoformat()
        reference = " ".join(first.reference.replace(";", " ").split())
        yield f"{day} * {first.kind} {reference}  ; journal:{journal_id}\n"
        for entry in postings:
            amount = format_amount(entry.amount_minor, entry.currency)
            yield f"    {entry.account}  {amount} {entry.currency}\n"
        yield "\n"
