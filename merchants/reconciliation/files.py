"""A statement's file: which of the formats it is, and that it agrees with itself."""

import re
from collections.abc import Iterator

from config.kernel import clock
from merchants.reconciliation import camt, csv_file, rules
from merchants.reconciliation.values import CURRENCY, FileFormat, Statement

_DECLARED = re.compile(r"""<\?xml[^>]*\bencoding=["']([^"']*)""")
_UTF_8 = {"utf-8", "utf8", "us-ascii"}


def write(statement: Statement, file_format: FileFormat) -> Iterator[str]:
    """A statement in a format, part by part; the file is UTF-8."""
    return {FileFormat.CSV: csv_file.write, FileFormat.CAMT: camt.write}[file_format](statement)


def read(content: bytes) -> tuple[Statement, FileFormat]:
    """Read a file strictly; nothing of a file that is wrong somewhere is used.

    Raises:
        rules.StatementTooLarge, StatementEncoding, StatementFormatUnknown, StatementNotAlone,
        StatementAccountWrong, StatementTruncated, StatementLineInvalid,
        StatementTotalsWrong, StatementDateWrong:
            what is wrong with it; each has a code of its own.
    """
    if len(content) > rules.MAX_BYTES:
        raise rules.StatementTooLarge(bytes=len(content))
    if not content.strip():
        raise rules.StatementTruncated(bytes=len(content))
    text = _text(content)
    file_format = FileFormat.CAMT if text.lstrip().startswith("<") else FileFormat.CSV
    is_camt = file_format is FileFormat.CAMT
    statement = camt.read(content) if is_camt else csv_file.read(text)
    rules.check_statement(
        statement,
        days={clock.house_day(line.booked_at) for line in statement.lines},
        today=clock.house_day(),
        currency=CURRENCY,
    )
    return statement, file_format


def _text(content: bytes) -> str:
    """The file as text; one without a BOM in UTF-16 is known by its NUL bytes."""
    if (at := content.find(b"\0")) >= 0:
        raise rules.StatementEncoding(at=at)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise rules.StatementEncoding(at=error.start) from error
    declared = _DECLARED.match(text)
    if declared is not None and declared[1].lower() not in _UTF_8:
        raise rules.StatementEncoding(encoding=declared[1][:32])
    return text
