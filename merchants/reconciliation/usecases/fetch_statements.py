"""Fetch the bank's statements of the days that are over, and compare them."""

from datetime import date, datetime, timedelta
from pathlib import Path

from django.conf import settings

from config.kernel import clock
from merchants.reconciliation import files, queries
from merchants.reconciliation.bank import statement_of
from merchants.reconciliation.usecases.read_statement import read_statement
from merchants.reconciliation.usecases.reconcile_day import reconcile_day
from merchants.reconciliation.values import FileFormat

SIMULATED = "simulated"
SUFFIXES = (".xml", ".csv")


def fetch_statements(*, now: datetime) -> int:
    """Read and compare the statement of each day that is over by `now`; returns how many days.

    A statement that is not there is a break of its day (`missing_file`); once it comes it is
    read with `manage.py reconcile`.

    Raises:
        what `read_statement` refuses: the file stays, the day stays due.
    """
    days = 0
    while (due_at := queries.next_fetch()) is not None and due_at <= now:
        day = clock.house_day(due_at) - timedelta(days=1)
        content = _content(day)
        if content is not None:
            read_statement(content=content)
        reconcile_day(day=day)
        days += 1
    return days


def _content(day: date) -> bytes | None:
    """The file of a day: from the folder where the bank leaves them, or of the simulated bank."""
    if settings.SAOMA_STATEMENTS_FROM == SIMULATED:
        return "".join(files.write(statement_of(day), FileFormat.CAMT)).encode()
    for suffix in SUFFIXES:
        path = Path(settings.SAOMA_STATEMENTS_FROM) / f"{day.isoformat()}{suffix}"
        if path.is_file():
            return path.read_bytes()
    return None
