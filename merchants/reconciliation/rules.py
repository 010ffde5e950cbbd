"""Rules of reconciliation: what makes a statement unreadable. Pure."""

from datetime import date

from config.kernel.errors import Conflict, InvalidRequest
from merchants.reconciliation.values import Statement

MAX_BYTES = 256 * 1024 * 1024
MAX_LINES = 1_000_000


class StatementTooLarge(InvalidRequest):
    """The file is larger than any day we would read."""

    code = "statement_too_large"
    message = "The statement is too large."


class StatementEncoding(InvalidRequest):
    """The bytes are not the encoding that the format prescribes."""

    code = "statement_encoding"
    message = "The statement is not written in UTF-8."


class StatementFormatUnknown(InvalidRequest):
    """Neither our CSV nor camt.053.001.08."""

    code = "statement_format_unknown"
    message = "The file is neither a CSV statement nor camt.053.001.08."


class StatementTruncated(InvalidRequest):
    """The file ends before its closing record."""

    code = "statement_truncated"
    message = "The statement ends before its end."


class StatementLineInvalid(InvalidRequest):
    """A record cannot be what it says; `line` counts records from 1."""

    code = "statement_line_invalid"
    message = "A line of the statement cannot be read."


class StatementTotalsWrong(InvalidRequest):
    """Count or balances do not follow from the lines: the file contradicts itself."""

    code = "statement_totals_wrong"
    message = "The statement's totals do not follow from its lines."


class StatementDateWrong(InvalidRequest):
    """A line belongs to another day, or the day is yet to come."""

    code = "statement_date_wrong"
    message = "The statement has lines of another day, or of a day to come."


class StatementDayTaken(Conflict):
    """Another statement of the same day was read before."""

    code = "statement_day_taken"
    message = "Another statement of this day has been read before."


class DayNotRead(Conflict):
    """The day is not over, so that no statement can be expected."""

    code = "day_not_over"
    message = "The day is not over yet."


def check_statement(statement: Statement, *, days: set[date], today: date) -> None:
    """Check that a statement agrees with itself.

    Args:
        statement: as read.
        days: the house's days on which its lines were booked.
        today: the house's present day.

    Raises:
        StatementTotalsWrong: closing is not opening and what was booked.
        StatementDateWrong: a line of another day, or a day to come.
    """
    if statement.day > today or days - {statement.day}:
        raise StatementDateWrong(day=statement.day.isoformat())
    total_minor = statement.opening_minor + booked_minor(statement)
    if total_minor != statement.closing_minor:
        raise StatementTotalsWrong(
            closing_minor=statement.closing_minor, expected_minor=total_minor
        )


def booked_minor(statement: Statement) -> int:
    """What the lines changed the account by; announced money changes nothing."""
    return sum(line.amount_minor for line in statement.lines if line.status == "BOOKED")
