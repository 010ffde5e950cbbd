"""What the books say after a step, and the invariants I1 to I8 over what the step wrote.

Entries are read once, when they are new; what may change under them (accounts, payments,
codes, the lender's lines) is read whole, a statement each. The product's own code takes
no part: a mistake made in a query must not be repeated here.
"""

import uuid
from collections import Counter
from typing import Any

from django.apps import apps
from django.db import connection

from merchants.payouts.models import LIVE, Payout
from merchants.settlement.models import SettlementBatch
from wallet.funding.models import CreditLine, LoanEntry
from wallet.ledger.models import Account, Entry, PendingDelta
from wallet.payments.models import Payment, PaymentCode, Refund

_TABLES = {
    model.__name__: model._meta.db_table
    for model in (
        *(Account, Entry, PendingDelta, Payment, PaymentCode, Refund),
        *(CreditLine, LoanEntry, Payout, SettlementBatch),
    )
}
_NEW_ENTRIES = """
SELECT e.id, e.journal_id, a.code, a.normal_side, e.side, e.amount_minor, e.currency, a.kind
  FROM {Entry} e LEFT JOIN {Account} a ON a.id = e.account_id AND a.currency = e.currency
 WHERE e.id > %s ORDER BY e.id""".format_map(_TABLES)
_SIGHT = "SELECT count(*), coalesce(sum(amount_minor * (id %% 9973)), 0) FROM {Entry}".format_map(
    _TABLES
)
_ACCOUNTS = """
SELECT a.code, a.posted_minor + coalesce(u.pending, 0), a.held_minor, a.floor_minor
  FROM {Account} a LEFT JOIN (SELECT account_id, sum(change_minor) AS pending
                                FROM {PendingDelta} GROUP BY account_id) u
    ON u.account_id = a.id""".format_map(_TABLES)
_FEES = """
SELECT merchant_id, sum(fee_minor) FROM {SettlementBatch} WHERE calculated_at IS NOT NULL
 GROUP BY merchant_id""".format_map(_TABLES)
_OWED = "SELECT user_id, owed_minor FROM {CreditLine}".format_map(_TABLES)
_PAYOUTS = "SELECT merchant_id, sum(amount_minor) FROM {Payout} WHERE state IN ({live}) GROUP BY 1"
_PAYOUTS = _PAYOUTS.format(live=", ".join(f"'{state}'" for state in LIVE), **_TABLES)
# Each selects what should not exist.
_BREAKS = {
    "I5: a trade's refunds": """
        SELECT p.number, p.refunded_minor, r.back FROM {Payment} p
          LEFT JOIN (SELECT payment_id, sum(amount_minor) AS back FROM {Refund}
                      GROUP BY payment_id) r ON r.payment_id = p.id
         WHERE p.refunded_minor <> coalesce(r.back, 0)
            OR p.refunded_minor > CASE WHEN p.paid_at IS NULL THEN 0 ELSE p.amount_minor END""",
    "I7: a code paid twice": """
        SELECT code_id FROM {Payment} WHERE code_id IS NOT NULL
         GROUP BY code_id HAVING count(*) > 1""",
    "I7: a code that has paid may pay again": """
        SELECT c.id FROM {PaymentCode} c JOIN {Payment} p ON p.code_id = c.id
         WHERE c.state = 'ISSUED'""",
    "the lender's book and the line": """
        SELECT l.user_id, l.owed_minor, b.told FROM {CreditLine} l
          LEFT JOIN (SELECT line_id, sum(change_minor) AS told FROM {LoanEntry}
                      GROUP BY line_id) b ON b.line_id = l.user_id
         WHERE l.owed_minor <> coalesce(b.told, 0)""",
}
_BREAKS = {name: sql.format_map(_TABLES) for name, sql in _BREAKS.items()}
_COVERING = frozenset({"CLIENT_MONEY", "RECEIVABLE", "CLIENT_LIABILITY"})


class Violation(AssertionError):
    """The books and the model disagree, or an invariant is broken."""


class Books:
    """All accounts of a world as they stand after its last step."""

    def __init__(self) -> None:
        self._last = self._count = self._sight = 0
        self._told: Counter[str] = Counter()
        self._cover: Counter[str] = Counter()
        self.balances: dict[str, int] = {}
        self.held: dict[str, int] = {}
        self.fees: dict[uuid.UUID, int] = {}
        self.payouts: dict[uuid.UUID, int] = {}
        self.owed: dict[uuid.UUID, int] = {}

    def read(self) -> None:
        """Take in what the step wrote.

        Raises:
            Violation: an invariant does not hold any more.
        """
        self._read_entries()
        self._read_accounts()
        for name, sql in _BREAKS.items():
            if broken := rows_of(sql):
                raise Violation(f"{name}: {broken[:3]}")
        self.fees = {as_uuid(row[0]): int(row[1]) for row in rows_of(_FEES)}
        self.payouts = {as_uuid(row[0]): int(row[1]) for row in rows_of(_PAYOUTS)}
        self.owed = {as_uuid(row[0]): int(row[1]) for row in rows_of(_OWED)}

    def posted(self, code: str) -> int:
        """An account's balance on its normal side; nothing where it was never opened."""
        return self.balances.get(code, 0)

    def of_prefix(self, prefix: str) -> int:
        """The balances of all accounts whose code begins so."""
        return sum(figure for code, figure in self.balances.items() if code.startswith(prefix))

    def _read_entries(self) -> None:
        """I1, I2, I3 and I6: journals balance, the pool covers clients, nothing changed."""
        journals: Counter[tuple[Any, str]] = Counter()
        for number, journal, code, normal, side, amount_minor, currency, kind in rows_of(
            _NEW_ENTRIES, self._last
        ):
            if code is None:
                raise Violation(f"I1: entry {number} has no account of its currency")
            self._last, self._count = number, self._count + 1
            self._sight += amount_minor * (number % 9973)
            journals[journal, currency] += amount_minor if side == "DEBIT" else -amount_minor
            self._told[code] += amount_minor if side == normal else -amount_minor
            if kind in _COVERING:
                self._cover[currency] += amount_minor if side == "DEBIT" else -amount_minor
        unbalanced = {name: figure for name, figure in journals.items() if figure}
        if unbalanced:
            raise Violation(f"I1 and I2: journals do not balance: {unbalanced}")
        uncovered = {name: figure for name, figure in self._cover.items() if figure < 0}
        if uncovered:
            raise Violation(f"I3: clients' money is not covered: {uncovered}")
        sight = tuple(map(int, rows_of(_SIGHT)[0]))
        if sight != (self._count, self._sight):
            raise Violation(f"I6: entries changed: {sight}, {(self._count, self._sight)}")

    def _read_accounts(self) -> None:
        """I4, and each balance is what its entries come to."""
        balances, held = {}, {}
        for code, posted_minor, held_minor, floor_minor in rows_of(_ACCOUNTS):
            balances[code], held[code] = int(posted_minor), held_minor
            if balances[code] != self._told[code]:
                raise Violation(f"{code} is at {posted_minor}, its entries at {self._told[code]}")
            if floor_minor is not None and posted_minor - held_minor < floor_minor:
                raise Violation(f"I4: {code} is at {posted_minor - held_minor}")
        self.balances, self.held = balances, held


def check_no_health() -> None:
    """I8: no table of money refers to one of health, nor the other way round.

    Raises:
        Violation: one does.
    """
    for model in apps.get_models():
        for field in model._meta.get_fields():
            if field.related_model is None or field.auto_created:
                continue
            sides = {(model.__module__), field.related_model.__module__}
            tops = {module.partition(".")[0] for module in sides}
            if "healthcode" in tops and tops & {"wallet", "merchants"}:
                raise Violation(f"I8: {model.__name__}.{field.name} joins health and money")


def rows_of(sql: str, *values: int | str) -> list[tuple[Any, ...]]:
    """What a statement selects."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


def as_uuid(cell: object) -> uuid.UUID:
    """A row's id, which SQLite gives as text."""
    return uuid.UUID(str(cell))
