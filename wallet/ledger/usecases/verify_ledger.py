"""Prove the books: every check that must hold whatever was posted, from one snapshot."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from django.db import connection, transaction

from config.kernel import clock
from wallet.ledger.models import Proof
from wallet.ledger.queries import proofs

SHOWN = 20


@dataclass(frozen=True, slots=True)
class Check:
    """One thing proved: whether it holds, what breaks it (the first few), figures."""

    name: str
    passed: bool
    breaks: list[str]
    figures: dict[str, int]


@dataclass(frozen=True, slots=True)
class Verdict:
    """The whole proof."""

    passed: bool
    checks: list[Check]

    def as_json(self) -> dict[str, Any]:
        """The proof as JSON's types."""
        return {"ok": self.passed, **asdict(self)}


def verify_ledger() -> Verdict:
    """Run every check over the whole books; reads only.

    On PostgreSQL all checks see one snapshot and postings go on beside them; on SQLite
    writers wait. Inside a caller's transaction its own snapshot is used.
    """
    fresh = not connection.in_atomic_block
    with transaction.atomic():
        if fresh and connection.vendor == "postgresql":
            _execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        results = [_run(name, sql) for name, sql in proofs.BREAKS.items()]
        results += [_measure(name, sql, rule) for name, (sql, rule) in proofs.FIGURES.items()]
    return Verdict(passed=all(result.passed for result in results), checks=results)


def prove_ledger() -> Proof:
    """Verify and keep the result; the nightly job's use case."""
    verdict = verify_ledger()
    return Proof.objects.create(
        proved_at=clock.now(), passed=verdict.passed, checks=verdict.as_json()["checks"]
    )


def _run(name: str, sql: str) -> Check:
    """A check that selects what breaks it."""
    rows = _execute(f"{proofs.spelled_out(sql)} LIMIT {SHOWN}")
    return Check(name, not rows, [" ".join(str(cell) for cell in row) for row in rows], {})


def _measure(name: str, sql: str, rule: Callable[[int], bool]) -> Check:
    """A check of one figure for each currency."""
    figures = {str(currency): int(figure) for currency, figure in _execute(proofs.spelled_out(sql))}
    breaks = [f"{currency} {figure}" for currency, figure in figures.items() if not rule(figure)]
    return Check(name, not breaks, breaks, figures)


def _execute(sql: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall() if cursor.description else []
