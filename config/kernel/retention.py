"""One row of a retention table: which data, for how long, and what happens then."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from config.kernel import transactions
from config.kernel.due_times import Earliest
from config.kernel.errors import required

Text = Mapping[str, str]
# Rows of one table in one transaction.
BATCH = 500


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept in some tables, for how many days, and what happens then.

    Where `days` is None, time alone deletes nothing. `ends` are the rows that the job of
    retention deletes `days` after the moment they name; without it a job of the slice does.
    """

    tables: tuple[str, ...]
    days: int | None
    what: Text
    then: Text
    ends: Earliest | None = None


def in_languages(en: str, fr: str, zh: str) -> Text:
    """A text as the notice has it."""
    return {"en": en, "fr": fr, "zh": zh}


@transactions.atomic_retry
def forget(rule: Kept, now: datetime) -> int:
    """Delete a batch of the rows whose days are over; returns how many.

    Safe twice and beside another worker.
    """
    ends = required(rule.ends, "rows that the job of retention deletes")
    rows: QuerySet[Any] = ends.rows()
    moment = str(ends.moment)
    due = rows.filter(**{f"{moment}__lte": now - ends.plus}).order_by(moment)
    keys = list(due.values_list("pk", flat=True)[:BATCH])
    rows.filter(pk__in=keys).delete()
    return len(keys)
