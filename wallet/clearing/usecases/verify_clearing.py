"""Prove over all databases that the halves meet and the clearing accounts say what is in flight."""

import heapq
import itertools
from collections import defaultdict
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from operator import attrgetter
from typing import Any

from django.db import connections, transaction

from config.kernel.placement import aliases
from wallet.clearing import queries
from wallet.clearing.rules import Half, in_flight_minor, meeting_break
from wallet.ledger.queries import balances_by_prefix

SHOWN = 20
Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Verdict:
    """The proof: what breaks it (the first few), and its figures; amounts in minor units."""

    passed: bool
    breaks: list[str]
    transfers: int
    in_flight_minor: int
    pairs: dict[str, int]

    def as_json(self) -> dict[str, Any]:
        """The proof as JSON's types."""
        return {"ok": self.passed, **asdict(self)}


def verify_clearing() -> Verdict:
    """Compare both halves of every transfer, and each pair's two accounts with what is in flight.

    Reads only, from one snapshot of each database (PostgreSQL). Two databases have no common
    moment: while transfers are under way the snapshots may differ by those that moved between
    them, so a break counts that stands again when the work rests, or at the next look.
    """
    with ExitStack() as stack:
        for alias in aliases():
            _open_snapshot(alias, stack)
        breaks, flight, count = _compare()
        owed = _owed_by_pair()
    for pair in sorted({*flight, *owed}):
        if flight[pair] != owed[pair]:
            breaks.append(f"units {pair}: in flight {flight[pair]}, accounts say {owed[pair]}")
    return Verdict(
        passed=not breaks,
        breaks=breaks[:SHOWN],
        transfers=count,
        in_flight_minor=sum(flight.values()),
        pairs={f"{one:02d}:{other:02d}": owed[one, other] for one, other in sorted(owed)},
    )


def _open_snapshot(alias: str, stack: ExitStack) -> None:
    connection = connections[alias]
    fresh = not connection.in_atomic_block
    stack.enter_context(transaction.atomic(using=alias))
    if fresh and connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute("SELECT 1")


def _compare() -> tuple[list[str], dict[Pair, int], int]:
    """All transfers' halves side by side, in constant memory: breaks, what is in flight, count."""
    streams = [
        stream
        for alias in aliases()
        for stream in (queries.incoming_halves(alias), queries.outgoing_halves(alias))
    ]
    breaks: list[str] = []
    flight: dict[Pair, int] = defaultdict(int)
    count = 0
    merged = heapq.merge(*streams, key=attrgetter("id"))
    for transfer_id, some in itertools.groupby(merged, key=attrgetter("id")):
        count += 1
        halves = list(some)
        outgoing, incoming = _one(halves, outgoing=True), _one(halves, outgoing=False)
        wrong = meeting_break(outgoing, incoming)
        if wrong or len(halves) > 2:
            breaks.append(f"{transfer_id}: {wrong or 'more than two halves'}")
        if outgoing is not None:
            flight[_pair(*outgoing.facts[-2:])] += in_flight_minor(outgoing, incoming)
    return breaks, flight, count


def _one(halves: list[Half], *, outgoing: bool) -> Half | None:
    return next((half for half in halves if half.outgoing is outgoing), None)


def _owed_by_pair() -> dict[Pair, int]:
    """The two accounts of each pair of units added up, over all databases."""
    owed: dict[Pair, int] = defaultdict(int)
    for alias in aliases():
        for code, balance_minor in balances_by_prefix("clearing:", alias=alias).items():
            _, unit, other = code.split(":")
            owed[_pair(int(unit), int(other))] += balance_minor
    return owed


def _pair(one: Any, other: Any) -> Pair:
    return min(one, other), max(one, other)
