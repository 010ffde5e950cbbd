"""Due times as data: the earliest moment in some rows, so that one query asks many jobs.

A job that tells it so is asked together with all the others, in one statement that is made
once. Asking sixty jobs one by one costs sixty queries, and the scheduler asks each second.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import F, QuerySet
from django.db.models.expressions import Combinable
from django.utils.dateparse import parse_datetime

from config.kernel import prepared_statements
from config.kernel.errors import required

_Statement = tuple[str, tuple[Any, ...]]


@dataclass(frozen=True, eq=False)
class Earliest:
    """The earliest moment in a column, or expression, of the rows that are waiting, and a delay.

    Rows without that moment count for nothing. `rows` is called once: what it filters by must
    not change while the process lives, so neither the time of day nor a setting under approval.
    Called, it answers by itself.
    """

    rows: Callable[[], QuerySet[Any]]
    moment: str | Combinable
    plus: timedelta = timedelta()

    def __call__(self) -> datetime | None:
        """The moment at which the first row falls due; None where none waits."""
        return moments_of([self])[0]


@dataclass(frozen=True, eq=False)
class EarliestOf:
    """The earliest of several."""

    parts: tuple[Earliest, ...]

    def __call__(self) -> datetime | None:
        """The moment at which the first row of any part falls due; None where none waits."""
        return moments_of([self])[0]


def earliest_of(*parts: Earliest) -> EarliestOf:
    """The earliest of several."""
    return EarliestOf(parts)


def moments_of(questions: Sequence[Earliest | EarliestOf]) -> list[datetime | None]:
    """Answer all in one statement, in their order.

    Raises:
        DatabaseError: one of them cannot be answered; which one is not said.
    """
    parts = [part for one in questions for part in _parts(one)]
    answers = iter(_ask(parts))
    return [
        min((at for _ in _parts(one) if (at := next(answers)) is not None), default=None)
        for one in questions
    ]


def _parts(one: Earliest | EarliestOf) -> tuple[Earliest, ...]:
    return (one,) if isinstance(one, Earliest) else one.parts


def _ask(parts: Sequence[Earliest]) -> list[datetime | None]:
    if not parts:
        return []
    sql, values = _statement(parts)
    row: Sequence[Any]
    if connection.vendor == "postgresql":
        row = prepared_statements.fetch_row(sql, values) or ()
    else:
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            row = cursor.fetchone()
    return [
        None if cell is None else as_moment(cell) + part.plus
        for part, cell in zip(parts, row, strict=True)
    ]


# By database and by who is asked: each process asks the same few lists for ever.
_statements: dict[tuple[str, tuple[Earliest, ...]], _Statement] = {}


def _statement(parts: Sequence[Earliest]) -> _Statement:
    key = (connection.vendor, tuple(parts))
    if key not in _statements:
        compiled = [_compile(part) for part in parts]
        sql = "SELECT " + ", ".join(f"({text})" for text, _ in compiled)
        _statements[key] = sql, tuple(value for _, values in compiled for value in values)
    return _statements[key]


def _compile(part: Earliest) -> _Statement:
    moment = F(part.moment) if isinstance(part.moment, str) else part.moment
    rows = part.rows().order_by().annotate(falls_due=moment).filter(falls_due__isnull=False)
    first = rows.order_by("falls_due").values("falls_due")[:1]
    sql, values = first.query.get_compiler(connection=connection).as_sql()
    return sql, tuple(values)


def as_moment(cell: Any) -> datetime:
    """A moment as a statement of one's own gives it: SQLite keeps text, in UTC."""
    at: datetime = required(
        parse_datetime(cell) if isinstance(cell, str) else cell, "the database gives moments"
    )
    return at if at.tzinfo else at.replace(tzinfo=UTC)
