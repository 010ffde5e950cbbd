"""The checker: it was told every answer, and now it looks at what is there.

It reads tables by plain SQL and shares no code with what wrote them. `self_test` plants what
bugs would leave behind into copies of the facts of a real run: each must be found.
"""

import io
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection

from lab.chaos.history import Line, Told

_PAYMENTS = """
    SELECT p.reference, p.amount_minor, p.paid_at IS NOT NULL,
           (SELECT count(*) FROM ledger_journal j WHERE j.reference = p.number
             AND j.kind = 'payment'),
           (SELECT coalesce(sum(e.amount_minor), 0) FROM ledger_entry e
             JOIN ledger_journal j ON j.id = e.journal_id
             WHERE j.reference = p.number AND j.kind = 'payment' AND e.side = 'DEBIT')
    FROM payments_payment p WHERE p.reference LIKE 'C%%'"""
_REFUNDS = """
    SELECT p.reference, r.request_no, r.amount_minor,
           (SELECT coalesce(sum(e.amount_minor), 0) FROM ledger_entry e
             WHERE e.journal_id = r.journal_id AND e.side = 'DEBIT')
    FROM payments_refund r JOIN payments_payment p ON p.id = r.payment_id"""
_WAITING = "SELECT count(*) FROM outbox_outboxevent WHERE done_at IS NULL"
_TWICE = """
    SELECT event_id, count(*) FROM outbox_inboxentry GROUP BY event_id, consumer
    HAVING count(*) > 1"""
_SCORED_TWICE = """
    SELECT payment_id, count(*) FROM risk_riskdecision GROUP BY payment_id HAVING count(*) > 1"""
SHOWN = 5


@dataclass(frozen=True, slots=True)
class StoredPayment:
    """A payment as the tables have it."""

    order: str
    amount_minor: int
    is_paid: bool
    journals: int
    moved_minor: int


@dataclass(frozen=True, slots=True)
class StoredRefund:
    """A refund as the tables have it."""

    order: str
    request_no: str
    amount_minor: int
    moved_minor: int


@dataclass(frozen=True, slots=True)
class Facts:
    """What is there after a drill."""

    payments: Sequence[StoredPayment]
    refunds: Sequence[StoredRefund]
    told: Sequence[tuple[str, str]]  # order and notification id, as the merchant received them
    waiting: int
    done_twice: int
    ledger_holds: bool
    audit_holds: bool


def read_facts(inbox: Sequence[dict[str, str]], waiting: int) -> Facts:
    """Read the tables, beside what a merchant's receiver accepted and how many events wait."""
    return Facts(
        payments=[StoredPayment(*row) for row in _rows(_PAYMENTS)],
        refunds=[StoredRefund(*row) for row in _rows(_REFUNDS)],
        told=[
            (call["out_trade_no"], call["notify_id"])
            for call in inbox
            if "refund_fee" not in call and call.get("trade_status") == "TRADE_SUCCESS"
        ],
        waiting=waiting,
        done_twice=len(_rows(_TWICE)) + len(_rows(_SCORED_TWICE)),
        ledger_holds=_proves("verify_ledger"),
        audit_holds=_proves("verify_audit"),
    )


def waiting_events() -> int:
    """How many events some consumer has not had yet."""
    return int(_rows(_WAITING)[0][0])


def check(lines: Sequence[Line], facts: Facts) -> list[str]:
    """Hold what is there against what clients were told; gives what does not fit."""
    wrong = [*_check_payments(lines, facts), *_check_refunds(lines, facts)]
    paid = {row.order for row in facts.payments if row.is_paid}
    calls = Counter(order for order, _ in facts.told)
    wrong += [f"{order}: paid, and the merchant was never told" for order in paid - set(calls)]
    wrong += [f"{order}: the merchant was told of what is not there" for order in set(calls) - paid]
    by_order = defaultdict(set)
    for order, notify_id in facts.told:
        by_order[order].add(notify_id)
    wrong += [
        f"{order}: two events of one payment" for order, ids in by_order.items() if len(ids) > 1
    ]
    if facts.waiting:
        wrong.append(f"{facts.waiting} events wait for ever")
    if facts.done_twice:
        wrong.append(f"{facts.done_twice} effects were done twice")
    if not facts.ledger_holds:
        wrong.append("the ledger's proof fails")
    if not facts.audit_holds:
        wrong.append("the audit chain is broken")
    return wrong


def _check_payments(lines: Sequence[Line], facts: Facts) -> list[str]:
    rows = defaultdict(list)
    for row in facts.payments:
        rows[row.order].append(row)
    wrong = []
    for line in (line for line in lines if line.kind == "payment"):
        paid = [row for row in rows[line.order] if row.is_paid]
        if len(paid) > 1:
            wrong.append(f"{line.order}: paid {len(paid)} times")
        if line.told is Told.DONE and not paid:
            wrong.append(f"{line.order}: acknowledged, and it is lost")
        if line.told is Told.REFUSED and paid:
            wrong.append(f"{line.order}: refused ({line.why}), and it is paid")
        if any(row.amount_minor != line.amount_minor for row in paid):
            wrong.append(f"{line.order}: another amount")
    orders = {line.order for line in lines}
    for row in facts.payments:
        journals = 1 if row.is_paid else 0
        if (row.journals, row.moved_minor) != (journals, row.amount_minor * journals):
            wrong.append(f"{row.order}: {row.journals} journals, {row.moved_minor} moved")
        if row.order not in orders:
            wrong.append(f"{row.order}: nobody asked for it")
    return wrong


def _check_refunds(lines: Sequence[Line], facts: Facts) -> list[str]:
    rows = Counter((row.order, row.request_no) for row in facts.refunds)
    wrong = []
    for line in (line for line in lines if line.kind == "refund"):
        count = rows[line.order, line.request_no]
        if count > 1 or (line.told is Told.DONE) > count or (count and line.told is Told.REFUSED):
            wrong.append(f"{line.request_no}: {line.told} {line.why}, and there are {count}")
    wrong += [
        f"{row.request_no}: {row.moved_minor} moved of {row.amount_minor}"
        for row in facts.refunds
        if row.moved_minor != row.amount_minor
    ]
    return wrong


def self_test(lines: Sequence[Line], facts: Facts) -> dict[str, bool]:
    """Plant what bugs leave behind, each into a copy of true facts; says which were found."""
    paid = next(row for row in facts.payments if row.is_paid)
    others = [row for row in facts.payments if row.order != paid.order]
    planted: dict[str, Callable[[], Facts]] = {
        "a missing key: a repeat pays again": lambda: replace(
            facts, payments=[*facts.payments, paid]
        ),
        "a key outside the transaction: one payment posts two journals": lambda: replace(
            facts,
            payments=[*others, replace(paid, journals=2, moved_minor=2 * paid.amount_minor)],
        ),
        "an answer before commit: acknowledged and lost": lambda: replace(facts, payments=others),
        "an effect before commit: told of what was rolled back": lambda: replace(
            facts, told=[*facts.told, ("Cghost", "n")]
        ),
        "an effect after commit and no outbox: never told": lambda: replace(
            facts, told=[one for one in facts.told if one[0] != paid.order]
        ),
        "a consumer without a mark: two events of one payment": lambda: replace(
            facts, told=[*facts.told, (paid.order, "n1"), (paid.order, "n2")]
        ),
        "a relay that forgets: events wait for ever": lambda: replace(facts, waiting=1),
        "a journal half posted": lambda: replace(facts, ledger_holds=False),
    }
    clean = set(check(lines, facts))
    return {name: bool(set(check(lines, plant())) - clean) for name, plant in planted.items()}


def _rows(sql: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())


def _proves(command: str) -> bool:
    output = io.StringIO()
    try:
        call_command(command, stdout=output)
    except (SystemExit, CommandError):
        return False
    return bool(json.loads(output.getvalue())["ok"])
