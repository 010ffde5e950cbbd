"""Statements as comma-separated values: a fixed header, OPENING, lines, CLOSING.

UTF-8, one record a line. Every record has the eight columns of HEADER:

    OPENING  booked_at: when the file was made; bank_reference: our account, or nothing;
             reference: the day; amount_minor: opening
    LINE     amounts signed, in minor units; fee_minor is what the bank kept back
    CLOSING  booked_at and reference as in OPENING; fee_minor: number of lines;
             amount_minor: closing

Texts hold no control characters; lines end with a line feed, with or without a carriage return.
"""

import csv
import io
from collections.abc import Iterator
from datetime import date, datetime

from merchants.payouts.iso20022 import ACCOUNT
from merchants.reconciliation import rules
from merchants.reconciliation.values import LineStatus, Statement, StatementLine

HEADER = (
    "record",
    "booked_at",
    "bank_reference",
    "reference",
    "amount_minor",
    "fee_minor",
    "currency",
    "status",
)
TEXT_CHARACTERS = 64


def write(statement: Statement) -> Iterator[str]:
    """A statement as rows of text, each with its line end."""
    made_at, day = statement.made_at.isoformat(), statement.day.isoformat()
    yield _row(HEADER)
    yield _row(
        (
            "OPENING",
            made_at,
            ACCOUNT,
            day,
            str(statement.opening_minor),
            "0",
            statement.currency,
            "",
        )
    )
    for line in statement.lines:
        yield _row(
            (
                "LINE",
                line.booked_at.isoformat(),
                line.bank_reference,
                line.reference,
                str(line.amount_minor),
                str(line.fee_minor),
                line.currency,
                line.status.value,
            )
        )
    count, closing = str(len(statement.lines)), str(statement.closing_minor)
    yield _row(("CLOSING", made_at, "", day, closing, count, statement.currency, ""))


def _row(cells: tuple[str, ...]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(cells)
    return text.getvalue()


def read(text: str) -> Statement:
    """Read a statement.

    Raises:
        rules.StatementFormatUnknown: the first row is not HEADER, or lines end with CR alone.
        rules.StatementNotAlone: a second OPENING.
        rules.StatementAccountWrong: it names another account.
        rules.StatementTruncated: no CLOSING record, or fewer lines than it counts.
        rules.StatementLineInvalid: a record is not well formed.
    """
    records = _records(text)
    opening = _cells(1, records[0], "OPENING")
    closing = _cells(len(records), records[-1], "CLOSING")
    if opening[2] not in {"", ACCOUNT}:
        raise rules.StatementAccountWrong(account=opening[2][:TEXT_CHARACTERS])
    lines = tuple(_line(number, row) for number, row in enumerate(records[1:-1], start=1))
    if _number(len(records), closing[5]) != len(lines):
        raise rules.StatementTruncated(lines=len(lines))
    if (opening[1], opening[3], opening[6]) != (closing[1], closing[3], closing[6]):
        raise rules.StatementLineInvalid(line=len(records))
    return Statement(
        day=_day(opening[3]),
        currency=_currency(1, opening[6]),
        made_at=_moment(1, opening[1]),
        opening_minor=_number(1, opening[4]),
        closing_minor=_number(len(records), closing[4]),
        lines=lines,
    )


def _records(text: str) -> list[list[str]]:
    """The records of one statement: OPENING, lines, CLOSING."""
    if "\n" not in text and "\r" in text:
        raise rules.StatementFormatUnknown(line_ends="CR")
    rows = csv.reader(io.StringIO(text), strict=True)
    try:
        if tuple(next(rows, ())) != HEADER:
            raise rules.StatementFormatUnknown()
        records = list(rows)
    except csv.Error as error:
        if str(error).startswith("unexpected end"):
            raise rules.StatementTruncated() from error
        raise rules.StatementLineInvalid(line=rows.line_num) from error
    if len(records) < 2 or records[-1][:1] != ["CLOSING"] or not text.endswith("\n"):
        raise rules.StatementTruncated(lines=len(records))
    if len(records) - 2 > rules.MAX_LINES:
        raise rules.StatementTooLarge(lines=len(records) - 2)
    if any(row[:1] == ["OPENING"] for row in records[1:]):
        raise rules.StatementNotAlone()
    return records


def _cells(number: int, row: list[str], record: str) -> list[str]:
    if len(row) != len(HEADER) or row[0] != record:
        raise rules.StatementLineInvalid(line=number)
    return row


def _line(number: int, row: list[str]) -> StatementLine:
    _, booked_at, bank_reference, reference, amount, fee, currency, status = _cells(
        number, row, "LINE"
    )
    fee_minor = _number(number, fee)
    is_text = all(
        len(cell) <= TEXT_CHARACTERS and min(cell, default=" ") >= " "
        for cell in (bank_reference, reference)
    )
    if not bank_reference or not is_text or fee_minor < 0 or status not in set(LineStatus):
        raise rules.StatementLineInvalid(line=number)
    return StatementLine(
        bank_reference=bank_reference,
        reference=reference,
        amount_minor=_number(number, amount),
        fee_minor=fee_minor,
        currency=_currency(number, currency),
        status=LineStatus(status),
        booked_at=_moment(number, booked_at),
    )


def _number(number: int, text: str) -> int:
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 18):
        raise rules.StatementLineInvalid(line=number)
    return int(text)


def _currency(number: int, text: str) -> str:
    if not (len(text) == 3 and text.isascii() and text.isupper()):
        raise rules.StatementLineInvalid(line=number)
    return text


def _moment(number: int, text: str) -> datetime:
    try:
        return rules.moment(text)
    except ValueError as error:
        raise rules.StatementLineInvalid(line=number) from error


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise rules.StatementDateWrong(day=text[:10]) from error
