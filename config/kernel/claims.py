"""Claiming due rows so that two workers never do the same piece of work at once."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from django.db import connection
from django.db.models import Model, QuerySet

from config.kernel import transactions

M = TypeVar("M", bound=Model)


def claim(rows: QuerySet[M], limit: int) -> list[M]:
    """Lock up to `limit` of the rows for this transaction, passing over locked ones.

    On PostgreSQL by `FOR UPDATE SKIP LOCKED`; SQLite has one writer at a time, so the
    transaction itself is the lock. Inside the transaction the caller marks each row so
    that it is no longer due.

    Raises:
        InvariantBroken: there is no transaction.
    """
    transactions.require()
    if connection.features.has_select_for_update_skip_locked:
        rows = rows.select_for_update(skip_locked=True, of=("self",))
    return list(rows[:limit])


def in_batches(batch: Callable[[datetime], int], now: datetime) -> int:
    """Run a batch, which is a transaction, until it finds nothing due by `now`; gives the sum."""
    count = 0
    while number := batch(now):
        count += number
    return count
