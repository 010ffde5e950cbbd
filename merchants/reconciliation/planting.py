"""Differences planted in a statement by a seed, to try reconciliation with.

Twelve kinds of them; what was planted is given along, as reconciliation should find it.
"""

import random
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NamedTuple

from merchants.reconciliation import rules
from merchants.reconciliation.values import BreakKind, LineStatus, Statement, StatementLine

LEAST_MINOR = 10
ONE_IN = 400
Lines = list[StatementLine]


class Planted(NamedTuple):
    """What reconciliation should report: a kind, under a reference."""

    kind: BreakKind
    reference: str


def plant(
    statement: Statement, *, seed: int, late_from: datetime
) -> tuple[Statement, list[Planted]]:
    """Damage a true statement in twelve ways, each in one line of 400 or at least once.

    The file stays one that can be read: its closing balance follows from its lines.

    Args:
        statement: the truth; each line is used for one difference at most.
        seed: the same seed plants the same.
        late_from: when the day's last hour begins; a line of that hour that is left out is
            taken for the next day's.
    """
    chance = random.Random(seed)  # noqa: S311
    times = max(1, len(statement.lines) // ONE_IN)
    early = [line for line in statement.lines if _is_usable(line) and line.booked_at < late_from]
    late = [line for line in statement.lines if _is_usable(line) and line.booked_at >= late_from]
    chance.shuffle(early)
    chance.shuffle(late)
    put: dict[StatementLine, Sequence[StatementLine]] = {}
    planted: list[Planted] = []
    for kind, damage in _DAMAGES:
        pool = late if kind is BreakKind.CROSS_DAY else early
        for _ in range(min(times, len(pool))):
            line = pool.pop()
            put[line] = damage(chance, line)
            planted.append(Planted(kind, line.reference))
    for _ in range(times if early else 0):
        stranger = _stranger(chance, early[0])
        put[early[0]] = (*put.get(early[0], (early[0],)), stranger)
        planted.append(Planted(BreakKind.MISSING_HERE, stranger.reference))
    lines = tuple(one for line in statement.lines for one in put.get(line, (line,)))
    return _closed(statement, lines), planted


def _closed(statement: Statement, lines: tuple[StatementLine, ...]) -> Statement:
    open_end = Statement(
        day=statement.day,
        currency=statement.currency,
        made_at=statement.made_at,
        opening_minor=statement.opening_minor,
        closing_minor=0,
        lines=lines,
    )
    closing_minor = statement.opening_minor + rules.booked_minor(open_end)
    return Statement(
        day=statement.day,
        currency=statement.currency,
        made_at=statement.made_at,
        opening_minor=statement.opening_minor,
        closing_minor=closing_minor,
        lines=lines,
    )


def _is_usable(line: StatementLine) -> bool:
    return abs(line.amount_minor) > LEAST_MINOR and len(line.reference) == 32


def _left_out(chance: random.Random, line: StatementLine) -> Lines:
    return []


def _less(chance: random.Random, line: StatementLine) -> Lines:
    sign = 1 if line.amount_minor > 0 else -1
    taken_minor = sign * chance.randint(1, LEAST_MINOR)
    return [line._replace(amount_minor=line.amount_minor - taken_minor)]


def _more(chance: random.Random, line: StatementLine) -> Lines:
    sign = 1 if line.amount_minor > 0 else -1
    return [line._replace(amount_minor=line.amount_minor + sign * chance.randint(1, 99_999))]


def _charged(chance: random.Random, line: StatementLine) -> Lines:
    fee_minor = chance.randint(1, LEAST_MINOR)
    return [line._replace(amount_minor=line.amount_minor - fee_minor, fee_minor=fee_minor)]


def _other_currency(chance: random.Random, line: StatementLine) -> Lines:
    return [line._replace(currency=chance.choice(("USD", "EUR", "HKD")))]


def _announced(chance: random.Random, line: StatementLine) -> Lines:
    return [line._replace(status=LineStatus.PENDING)]


def _taken_back(chance: random.Random, line: StatementLine) -> Lines:
    back = line._replace(amount_minor=-line.amount_minor, bank_reference=f"{line.bank_reference}R")
    return [line, back]


def _twice(chance: random.Random, line: StatementLine) -> Lines:
    return [line, line]


def _moved_twice(chance: random.Random, line: StatementLine) -> Lines:
    return [line, line._replace(bank_reference=f"{line.bank_reference}D")]


def _misnamed(chance: random.Random, line: StatementLine) -> Lines:
    marks = list(line.reference)
    start = chance.choice((8, 20))
    for place in chance.sample(range(start, start + 12), 2):
        marks[place] = chance.choice([mark for mark in "0123456789abcdef" if mark != marks[place]])
    return [line._replace(reference="".join(marks))]


def _stranger(chance: random.Random, like: StatementLine) -> StatementLine:
    number = f"{chance.getrandbits(128):032x}"
    amount_minor = chance.choice((1, -1)) * chance.randint(100, 1_000_000)
    return like._replace(
        reference=number, bank_reference=f"{number}-1", amount_minor=amount_minor, fee_minor=0
    )


_DAMAGES: Sequence[tuple[BreakKind, Callable[[random.Random, StatementLine], Lines]]] = (
    (BreakKind.MISSING_THERE, _left_out),
    (BreakKind.AMOUNT, _less),
    (BreakKind.AMOUNT, _more),
    (BreakKind.FEE, _charged),
    (BreakKind.CURRENCY, _other_currency),
    (BreakKind.STATUS, _announced),
    (BreakKind.STATUS, _taken_back),
    (BreakKind.DUPLICATE, _twice),
    (BreakKind.DUPLICATE, _moved_twice),
    (BreakKind.REFERENCE, _misnamed),
    (BreakKind.CROSS_DAY, _left_out),
)
