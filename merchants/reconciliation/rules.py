"""Rules of reconciliation: what makes a statement unreadable, and what makes a break. Pure."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from config.kernel.errors import Conflict, InvalidRequest, NotFound
from merchants.reconciliation.values import (
    BookLine,
    BreakKind,
    BreakState,
    Difference,
    LineStatus,
    Order,
    Statement,
    StatementLine,
    Template,
)

MAX_BYTES = 256 * 1024 * 1024
MAX_LINES = 1_000_000
FIRST_YEAR, LAST_YEAR = 2000, 2999
# Breaks whose difference is not money of our account.
NOT_MONEY = {
    BreakKind.CURRENCY,
    BreakKind.CROSS_DAY,
    BreakKind.REFERENCE,
    BreakKind.STALE_FILE,
    BreakKind.MISSING_FILE,
}
# Least age in days, oldest first, and its name.
AGES = ((31, "over 30"), (8, "8-30"), (2, "2-7"), (0, "0-1"))


class StatementTooLarge(InvalidRequest):
    """The file is larger than any day we would read."""

    code = "statement_too_large"
    message = "The statement is too large."


class StatementEncoding(InvalidRequest):
    """The bytes are not the encoding that the format prescribes, or say that they are another."""

    code = "statement_encoding"
    message = "The statement is not written in UTF-8."


class StatementFormatUnknown(InvalidRequest):
    """Neither our CSV nor camt.053.001.08."""

    code = "statement_format_unknown"
    message = "The file is neither a CSV statement nor camt.053.001.08."


class StatementAccountWrong(InvalidRequest):
    """It is another account's statement, or one in another currency than ours."""

    code = "statement_account_wrong"
    message = "The statement is of another account, or in another currency."


class StatementNotAlone(InvalidRequest):
    """The file holds more than one statement."""

    code = "statement_not_alone"
    message = "The file holds more than one statement."


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


class DayNotOver(Conflict):
    """The day is not over, so that no statement can be expected."""

    code = "day_not_over"
    message = "The day is not over yet."


class BreakNotFound(NotFound):
    """There is no such break."""

    code = "break_not_found"
    message = "There is no such break."


class BreakClosed(Conflict):
    """The break is not open (any more)."""

    code = "break_closed"
    message = "The break is closed, or is no longer what was asked about."


class TemplateUnfit(InvalidRequest):
    """The template does not close breaks of this kind."""

    code = "template_unfit"
    message = "This template does not close a break of this kind."


def check_statement(statement: Statement, *, days: set[date], today: date, currency: str) -> None:
    """Check that a statement is of our account and agrees with itself.

    Args:
        statement: as read.
        days: the house's days on which its lines were booked.
        today: the house's present day.
        currency: of our account.

    Raises:
        StatementAccountWrong: it is in another currency.
        StatementTotalsWrong: closing is not opening and what was booked.
        StatementDateWrong: a line of another day, or a day to come.
    """
    if statement.currency != currency:
        raise StatementAccountWrong(currency=statement.currency)
    is_past = statement.day.year >= FIRST_YEAR and statement.day <= today
    if not is_past or days - {statement.day}:
        raise StatementDateWrong(day=statement.day.isoformat())
    total_minor = statement.opening_minor + booked_minor(statement)
    if total_minor != statement.closing_minor:
        raise StatementTotalsWrong(
            closing_minor=statement.closing_minor, expected_minor=total_minor
        )


def moment(text: str) -> datetime:
    """Read a moment of a statement, with its offset.

    Raises:
        ValueError: it is none, has no offset, or lies where no calendar day can be reckoned.
    """
    at = datetime.fromisoformat(text)
    if at.tzinfo is None or not FIRST_YEAR <= at.year <= LAST_YEAR:
        raise ValueError("a moment of these centuries, with its offset")
    return at


def booked_minor(statement: Statement) -> int:
    """What the lines changed the account by; announced money changes nothing."""
    return sum(line.amount_minor for line in statement.lines if line.status is LineStatus.BOOKED)


# How much of our reference must stand in its place for a line to be ours in all but its number.
_HALVES = (slice(8, 20), slice(20, 32))
Key = tuple[str, bool]


class Elsewhere(NamedTuple):
    """Lines of other days' statements: by our reference and direction.

    `is_next_read` says whether the statement of the day after has come.
    """

    before: Collection[Key]
    after: Collection[Key]
    is_next_read: bool


def key_of(reference: str, amount_minor: int) -> Key:
    """What makes two records one movement: our reference, and whether money came in."""
    return reference, amount_minor > 0


def unbooked_references(theirs: Iterable[StatementLine], ours: Iterable[BookLine]) -> set[str]:
    """References on the statement under which nothing was booked that way round."""
    booked = {key_of(line.reference, line.amount_minor) for line in ours}
    return {
        line.reference
        for line in theirs
        if line.reference and key_of(line.reference, line.amount_minor) not in booked
    }


def differences(
    statement: Statement,
    ours: Sequence[BookLine],
    *,
    orders: Mapping[str, Order],
    elsewhere: Elsewhere,
    late_from: datetime,
) -> list[Difference]:
    """Every difference between a day's statement and our books; what agrees is left out.

    Each line is looked up once, so the work grows with the number of lines and entries.

    Args:
        statement: the bank's day.
        ours: entries of that day and of the days beside it.
        orders: what we know of `unbooked_references`, by reference.
        elsewhere: the statements of other days.
        late_from: when the day's last hour begins, in which a side may be a day behind.
    """
    books = _Books(statement.day, ours)
    results: list[Difference] = []
    strangers: list[tuple[int, StatementLine]] = []
    seen: set[str] = set()
    for position, line in enumerate(statement.lines, start=1):
        key = key_of(line.reference, line.amount_minor)
        is_repeated = line.bank_reference in seen or (line.reference and key in elsewhere.before)
        seen.add(line.bank_reference)
        if is_repeated:
            results.append(_difference(BreakKind.DUPLICATE, position, line))
            continue
        entry = books.take(line)
        if entry is not None:
            results += _compared(position, line, entry, statement.day)
        elif books.had(line):
            results.append(_difference(BreakKind.DUPLICATE, position, line))
        elif line.reference in orders:
            results += _unbooked(
                position,
                line,
                orders[line.reference],
                may_wait=line.booked_at >= late_from and not elsewhere.is_next_read,
            )
        else:
            strangers.append((position, line))
    left = books.left()
    results += _misnamed(strangers, left)
    results += [_difference(BreakKind.MISSING_HERE, position, line) for position, line in strangers]
    results += _unlisted(left, elsewhere)
    return results


class _Books:
    """Our entries, each to be found once."""

    def __init__(self, day: date, ours: Iterable[BookLine]) -> None:
        self._day = day
        self._by_key: dict[Key, list[BookLine]] = {}
        self._by_bank: dict[str, list[BookLine]] = {}
        # The day's own entries last: they are taken first.
        for entry in sorted(ours, key=lambda entry: entry.day == day):
            if entry.reference:
                key = key_of(entry.reference, entry.amount_minor)
                self._by_key.setdefault(key, []).append(entry)
            else:
                self._by_bank.setdefault(entry.bank_reference, []).append(entry)

    def take(self, line: StatementLine) -> BookLine | None:
        """The entry that a line speaks of, which no other line has taken."""
        entries = self._entries(line)
        return entries.pop() if entries else None

    def had(self, line: StatementLine) -> bool:
        """Whether there was an entry for a line and another line has taken it."""
        return self._entries(line) is not None

    def left(self) -> list[BookLine]:
        """The day's entries that no line has taken."""
        groups = [*self._by_key.values(), *self._by_bank.values()]
        return [entry for entries in groups for entry in entries if entry.day == self._day]

    def _entries(self, line: StatementLine) -> list[BookLine] | None:
        entries = self._by_key.get(key_of(line.reference, line.amount_minor))
        return self._by_bank.get(line.bank_reference) if entries is None else entries


def _compared(
    position: int, line: StatementLine, entry: BookLine, day: date
) -> Iterator[Difference]:
    """The one difference that matters most between a line and its entry, if there is one."""
    kind = None
    if line.currency != entry.currency:
        kind = BreakKind.CURRENCY
    elif line.status is not LineStatus.BOOKED:
        kind = BreakKind.STATUS
    elif line.gross_minor != entry.amount_minor:
        kind = BreakKind.AMOUNT
    elif line.fee_minor:
        kind = BreakKind.FEE
    elif entry.day != day:
        kind = BreakKind.CROSS_DAY
    if kind is not None:
        yield _difference(kind, position, line, entry)


def _unbooked(
    position: int, line: StatementLine, order: Order, *, may_wait: bool
) -> Iterator[Difference]:
    """What it means that the bank has a line for an order with nothing booked that way."""
    is_same_way = (line.amount_minor > 0) == (order.amount_minor > 0)
    if is_same_way and order.open and line.status is LineStatus.PENDING:
        return
    if is_same_way and order.booked:
        yield _difference(BreakKind.CROSS_DAY, position, line)._replace(
            ours_minor=order.amount_minor, settled=order.amount_minor == line.amount_minor
        )
    elif is_same_way and order.open and may_wait:
        yield _difference(BreakKind.CROSS_DAY, position, line)
    else:
        yield _difference(BreakKind.STATUS, position, line)


def _misnamed(strangers: list[tuple[int, StatementLine]], left: list[BookLine]) -> list[Difference]:
    """Pair what has the same amount and most of one reference; paired ones leave the lists."""
    by_amount: dict[tuple[int, str, int, str], BookLine] = {}
    for entry in left:
        for number, half in enumerate(_HALVES):
            by_amount[entry.amount_minor, entry.currency, number, entry.reference[half]] = entry
    pairs: list[Difference] = []
    matches: set[BookLine] = set()
    rest: list[tuple[int, StatementLine]] = []
    for position, line in strangers:
        partner = next((one for one in _candidates(line, by_amount) if one not in matches), None)
        if partner is None:
            rest.append((position, line))
            continue
        matches.add(partner)
        difference = _difference(BreakKind.REFERENCE, position, line, partner)
        pairs.append(difference._replace(reference=partner.reference))
    strangers[:] = rest
    left[:] = [entry for entry in left if entry not in matches]
    return pairs


def _candidates(
    line: StatementLine, book_lines: Mapping[tuple[int, str, int, str], BookLine]
) -> Iterator[BookLine]:
    plain = "".join(mark for mark in line.reference.lower() if mark.isalnum())
    for number, half in enumerate(_HALVES):
        part = plain[half]
        entry = book_lines.get((line.gross_minor, line.currency, number, part))
        if len(part) == half.stop - half.start and entry is not None:
            yield entry


def _unlisted(left: Iterable[BookLine], elsewhere: Elsewhere) -> Iterable[Difference]:
    """Breaks of entries without a line; entries under one name are one break."""
    merged: dict[tuple[str, str, bool], Difference] = {}
    for entry in left:
        one = _missing_there(entry, elsewhere)
        name = (one.reference, one.bank_reference, one.is_incoming)
        other = merged.get(name)
        if other is not None:
            one = one._replace(ours_minor=(one.ours_minor or 0) + (other.ours_minor or 0))
        merged[name] = one
    return merged.values()


def _missing_there(entry: BookLine, elsewhere: Elsewhere) -> Difference:
    key = key_of(entry.reference, entry.amount_minor)
    settled = bool(entry.reference) and (key in elsewhere.before or key in elsewhere.after)
    waits = settled or (entry.late and not elsewhere.is_next_read)
    return Difference(
        kind=BreakKind.CROSS_DAY if waits else BreakKind.MISSING_THERE,
        reference=entry.reference,
        bank_reference=entry.bank_reference,
        ours_minor=entry.amount_minor,
        theirs_minor=entry.amount_minor if settled else None,
        currency=entry.currency,
        settled=settled,
    )


def _difference(
    kind: BreakKind, position: int, line: StatementLine, entry: BookLine | None = None
) -> Difference:
    return Difference(
        kind=kind,
        reference=line.reference,
        bank_reference=line.bank_reference,
        ours_minor=entry.amount_minor if entry else None,
        theirs_minor=line.amount_minor,
        currency=line.currency,
        position=position,
        settled=kind is BreakKind.CROSS_DAY and entry is not None,
    )


def file_difference(
    kind: BreakKind, day: date, *, ours_minor: int, theirs_minor: int | None, currency: str
) -> Difference:
    """A break of the whole file: stale or missing."""
    return Difference(kind, f"statement:{day}", "", ours_minor, theirs_minor, currency)


class DayClosed(Conflict):
    """The day's books are closed."""

    code = "day_closed"
    message = "The day's books are closed."


class BreaksOpen(Conflict):
    """A day is closed once nothing of it, or of a day before, waits."""

    code = "breaks_open"
    message = "Breaks of this day or of an earlier one are still open."


class DayNotReconciled(Conflict):
    """No statement of the day was compared with our books."""

    code = "day_not_reconciled"
    message = "The day was not compared with a statement of the bank."


def check_closing(*, is_closed: bool, is_compared: bool, open_breaks: int, earlier: int) -> None:
    """Check that a day's books may be closed.

    Args:
        is_closed: whether they are.
        is_compared: whether its statement was read, and the next day's too, for what crosses.
        open_breaks: of the day and the days before it.
        earlier: days before it with a statement and not closed.

    Raises:
        DayClosed, DayNotReconciled, BreaksOpen: they may not.
    """
    if is_closed:
        raise DayClosed()
    if not is_compared:
        raise DayNotReconciled()
    if open_breaks or earlier:
        raise BreaksOpen(open_breaks=open_breaks, earlier_days=earlier)


def owed_to_suspense(*, ours_minor: int | None, theirs_minor: int | None) -> int:
    """What our account at the bank is to change by so that it follows the bank's."""
    return (theirs_minor or 0) - (ours_minor or 0)


def bucket(age_days: int) -> str:
    """The column of the ageing report that a break of so many days stands in."""
    return next(name for least, name in AGES if age_days >= least)


def check_closable(*, state: str, kind: str, template: str, difference_minor: int) -> None:
    """Check that a break may be closed by a template.

    Raises:
        BreakClosed: it is not open.
        TemplateUnfit: suspense is for money that can be told in our currency and differs.
    """
    if state != BreakState.OPEN:
        raise BreakClosed(state=state)
    unfit = kind in NOT_MONEY or difference_minor == 0
    if template not in set(Template) or (template == Template.SUSPENSE and unfit):
        raise TemplateUnfit(field="template", kind=kind)
