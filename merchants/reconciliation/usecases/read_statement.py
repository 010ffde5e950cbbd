"""Read a statement of the bank into the books of reconciliation."""

from itertools import islice

from django.db import IntegrityError

from config.kernel import clock, transactions
from config.kernel.failpoints import failpoint
from merchants.reconciliation import files, queries, rules
from merchants.reconciliation.models import BankLine, StatementFile
from merchants.reconciliation.values import FileFormat, Statement

LINES_AT_ONCE = 2000


def read_statement(*, content: bytes) -> tuple[StatementFile, bool]:
    """Store a day's statement and its lines, whole or not at all.

    The same file again changes nothing. A statement that was made before its day was over
    gives way to one made after; any other second one of a day is refused.

    Args:
        content: the file, CSV or camt.053.001.08, in UTF-8.

    Returns:
        The stored statement, and whether it is new.

    Raises:
        rules.StatementTooLarge, StatementEncoding, StatementFormatUnknown,
        StatementTruncated, StatementLineInvalid, StatementTotalsWrong, StatementDateWrong:
            what is wrong with the file.
        rules.StatementDayTaken: another statement of the day was read.
        rules.DayClosed: the day's books are closed.

    Locks: the day's statement.
    """
    digest = queries.digest(content)
    statement_file = StatementFile.objects.filter(digest=digest).first()
    if statement_file is not None:
        return statement_file, False
    statement, file_format = files.read(content)
    try:
        file = _store(statement, file_format, digest)
    except IntegrityError as error:
        # Another reader was faster: with the same file, or with another one of the day.
        statement_file = StatementFile.objects.filter(digest=digest).first()
        if statement_file is None:
            raise rules.StatementDayTaken(day=statement.day.isoformat()) from error
        return statement_file, False
    failpoint("reconciliation.after_read")
    return file, True


@transactions.atomic_retry
def _store(statement: Statement, file_format: FileFormat, digest: str) -> StatementFile:
    _make_room(statement)
    file = StatementFile.objects.create(
        day=statement.day,
        currency=statement.currency,
        file_format=file_format,
        digest=digest,
        made_at=statement.made_at,
        opening_minor=statement.opening_minor,
        closing_minor=statement.closing_minor,
        line_count=len(statement.lines),
    )
    rows = (
        BankLine(file=file, position=position, **line._asdict())
        for position, line in enumerate(statement.lines, start=1)
    )
    while chunk := list(islice(rows, LINES_AT_ONCE)):
        BankLine.objects.bulk_create(chunk)
    return file


def preview_statement(*, content: bytes) -> tuple[Statement, FileFormat]:
    """Read a file as `read_statement` would, and store nothing.

    Raises: as `read_statement`.
    """
    statement, file_format = files.read(content)
    statement_file = queries.statement_file(statement.day)
    if statement_file is not None and statement_file.digest != queries.digest(content):
        _check_newer(statement_file, statement)
    return statement, file_format


def _make_room(statement: Statement) -> None:
    if queries.is_closed(statement.day):
        raise rules.DayClosed(day=statement.day.isoformat())
    rows = StatementFile.objects.select_for_update()
    statement_file = rows.filter(day=statement.day, superseded_at__isnull=True).first()
    if statement_file is None:
        return
    _check_newer(statement_file, statement)
    statement_file.superseded_at = clock.now()
    statement_file.save(update_fields=["superseded_at"])


def _check_newer(statement_file: StatementFile, statement: Statement) -> None:
    _, ends = queries.house_bounds(statement_file.day)
    if statement_file.made_at >= ends or statement.made_at <= statement_file.made_at:
        raise rules.StatementDayTaken(day=statement_file.day.isoformat())
