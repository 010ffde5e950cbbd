"""Reading events after a position without ever missing one.

Ids are made before a transaction commits, so a row with a smaller id may appear after one
with a larger: whoever goes on "after the last id seen" never sees it. Therefore rows get a
position of their own, counted up under a lock once they are committed and visible. Whoever
sees a position has seen all before it, and the rest is numbered by whoever looks next. Where
a writer can hold that lock until its end, rows are written with their positions.
"""

from datetime import datetime
from typing import Any, Final, TypeVar

from django.db import connection, transaction
from django.db.models import Model, QuerySet

from config.kernel import clock, transactions
from config.kernel.outbox.models import EventCounter, OutboxEvent

M = TypeVar("M", bound=Model)
OUTBOX: Final = "outbox"
NUMBERED_AT_ONCE: Final = 1_000


def events_since(rows: QuerySet[M], *, stream: str, after: int, limit: int) -> list[M]:
    """Give up to `limit` rows after a position, in order; every committed row is numbered first.

    Args:
        rows: the rows that the caller may see; their model has `id` and `position`.
        stream: names the counter; all rows of one model share it.
        after: the position of the last row that the caller has; 0 for the beginning.
        limit: how many at most.

    Locks: the counter, where there are rows without a position.
    """
    number_rows(rows, stream=stream)
    events = rows.filter(position__gt=after).order_by("position")
    return list(events[:limit])


def newest_position(rows: QuerySet[M], *, stream: str) -> int:
    """The position of the newest row; 0 where there is none. Locks: as `events_since`."""
    number_rows(rows, stream=stream)
    newest = rows.filter(position__isnull=False).order_by("-position").first()
    return 0 if newest is None else int(newest.position)  # type: ignore[attr-defined]


def number_rows(rows: QuerySet[M], *, stream: str) -> None:
    """Give every row that has none a position, in the order of their ids.

    Locks: the counter, until the caller's transaction ends.
    """
    waiting = rows.filter(position__isnull=True).order_by("id")
    while waiting.exists():
        with transaction.atomic():
            counter = lock_counter(stream)
            # Looked up again: another may have numbered them while we waited for the lock.
            ids = list(waiting.values_list("id", flat=True)[:NUMBERED_AT_ONCE])
            give_positions(rows.model, ids, counter)


def next_positions(stream: str, count: int) -> range:
    """Take positions for rows that are written in this transaction.

    Locks: the counter until the transaction ends, so positions are seen in their order; take
    them last.
    """
    transactions.require()
    counter = lock_counter(stream)
    first = counter.last + 1
    counter.last += count
    counter.save(update_fields=["last"])
    return range(first, first + count)


def publish(events: list[OutboxEvent], counter: EventCounter) -> None:
    """Mark events as published now, numbering those without a position, in one statement.

    The caller holds the counter's lock.
    """
    give_positions(OutboxEvent, [event.id for event in events], counter, published_at=clock.now())


def lock_counter(stream: str) -> EventCounter:
    """Lock a stream's counter for the caller's transaction."""
    rows = EventCounter.objects.select_for_update().filter(name=stream)
    counter = rows.first()
    if counter is None:
        EventCounter.objects.get_or_create(name=stream)
        counter = rows.get()
    return counter


def give_positions(
    model: type[Model], ids: list[Any], counter: EventCounter, **columns: datetime
) -> None:
    """Number some rows from the counter on, in the order of their ids, in one statement.

    Rows that have a position keep it. `columns` are set beside it, on every row.
    """
    if not ids:
        return
    table = connection.ops.quote_name(model._meta.db_table)
    key: Any = model._meta.pk
    marks = ", ".join(["%s"] * len(ids))
    fields: list[tuple[Any, datetime]] = [
        (model._meta.get_field(name), moment) for name, moment in columns.items()
    ]
    others = "".join(f", {connection.ops.quote_name(field.column)} = %s" for field, _ in fields)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} SET position = coalesce({table}.position, %s + numbered.place)"  # noqa: S608
            f"{others} FROM (SELECT id AS row_id, row_number() OVER "
            f"(PARTITION BY position IS NULL ORDER BY id) AS place FROM {table} "
            f"WHERE id IN ({marks})) AS numbered WHERE {table}.id = numbered.row_id "
            f"RETURNING {table}.position",
            [
                counter.last,
                *(field.get_db_prep_value(moment, connection) for field, moment in fields),
                *(key.get_db_prep_value(value, connection) for value in ids),
            ],
        )
        newest = max(row[0] for row in cursor.fetchall())
    if newest > counter.last:
        counter.last = newest
        counter.save(update_fields=["last"])
