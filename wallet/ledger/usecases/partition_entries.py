"""Lay the largest table of the books out by placement unit: native partitions of PostgreSQL."""

from collections.abc import Sequence
from typing import Any

from django.db import connection, transaction

from config.kernel.errors import Refused, invariant
from config.kernel.placement import ALL_UNITS

TABLE = "ledger_entry"
_OLD = "ledger_entry_whole"
_INDEXES = """
    SELECT c.relname, pg_get_indexdef(i.indexrelid), i.indisprimary
    FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
    WHERE i.indrelid = 'ledger_entry'::regclass ORDER BY c.relname"""
_TRIGGERS = """
    SELECT pg_get_triggerdef(oid), tgtype & 1 = 1 FROM pg_trigger
    WHERE tgrelid = 'ledger_entry'::regclass AND NOT tgisinternal ORDER BY tgname"""
_GRANTS = """
    SELECT format('GRANT %s ON ledger_entry TO %s', g.privilege_type,
                  CASE g.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(r.rolname) END)
    FROM pg_class c CROSS JOIN LATERAL aclexplode(c.relacl) g
    LEFT JOIN pg_roles r ON r.oid = g.grantee
    WHERE c.oid = 'ledger_entry'::regclass AND g.grantee <> c.relowner"""
Span = tuple[int, int]


class CannotPartition(Refused):
    """The table is partitioned already, or the database has no partitions."""

    code = "cannot_partition"
    message = "Only PostgreSQL partitions, and each table once."


def partition_entries(spans: Sequence[Span]) -> int:
    """Turn `ledger_entry` into a table partitioned by list of unit; returns its entries.

    One transaction that copies the table under an exclusive lock: for an installation that
    is new, or stopped. Indexes, guards, gates and rights are those that the table had; the
    guards of whole statements stand on each partition, too, so that nobody goes round by its
    name. Posting, proofs and migrations go on by the table's own name.

    Args:
        spans: first and last unit of each partition; together every unit once.

    Raises:
        CannotPartition: it is SQLite, or was done before.
        InvariantBroken: the spans leave a unit out or name one twice, or the copy differs.

    Locks: the whole table, until it is done.
    """
    if connection.vendor != "postgresql":
        raise CannotPartition()
    units = [unit for first, last in spans for unit in range(first, last + 1)]
    invariant(sorted(units) == list(range(ALL_UNITS)), "each unit is in one span")
    with transaction.atomic():
        _run(f"LOCK TABLE {TABLE} IN ACCESS EXCLUSIVE MODE")
        [[kind]] = _run("SELECT relkind FROM pg_class WHERE oid = 'ledger_entry'::regclass")
        if kind == "p":
            raise CannotPartition()
        indexes, triggers, grants = _run(_INDEXES), _run(_TRIGGERS), _run(_GRANTS)
        _run(f"ALTER TABLE {TABLE} RENAME TO {_OLD}")
        for name, _, _ in indexes:
            _run(f'ALTER INDEX "{name}" RENAME TO "{name}_whole"')
        _make_table(spans)
        count = _copy()
        for _, definition, is_primary in indexes:
            if not is_primary:
                _run(definition)
        _guard(spans, triggers)
        for [grant] in grants:
            _run(grant)
        _run(f"DROP TABLE {_OLD}")
    _run(f"ANALYZE {TABLE}")
    return count


def _make_table(spans: Sequence[Span]) -> None:
    # The key of a partitioned table holds what it is partitioned by; ids stay unique by their
    # one sequence.
    _run(
        f"CREATE TABLE {TABLE} (LIKE {_OLD} INCLUDING DEFAULTS INCLUDING IDENTITY"
        f" INCLUDING CONSTRAINTS INCLUDING STORAGE, PRIMARY KEY (id, unit))"
        f" PARTITION BY LIST (unit)"
    )
    for first, last in spans:
        listed = ", ".join(str(unit) for unit in range(first, last + 1))
        _run(
            f"CREATE TABLE {partition_name((first, last))} PARTITION OF {TABLE}"
            f" FOR VALUES IN ({listed})"
        )


def _copy() -> int:
    """Copy all entries, compare, and go on counting where the old table stopped."""
    _run("SELECT set_config('saoma.posting', 'on', true)")
    _run("INSERT INTO ledger_entry OVERRIDING SYSTEM VALUE SELECT * FROM ledger_entry_whole")
    _run("SELECT set_config('saoma.posting', 'off', true)")
    sums = "SELECT count(*), coalesce(sum(amount_minor), 0), coalesce(max(id), 0) FROM "
    [copy], [whole] = _run(sums + TABLE), _run(sums + _OLD)
    invariant(copy == whole, "the copy has every entry")
    _run(
        f"SELECT setval(pg_get_serial_sequence('{TABLE}', 'id'),"
        f" nextval(pg_get_serial_sequence('{_OLD}', 'id')))"
    )
    return int(copy[0])


def _guard(spans: Sequence[Span], triggers: Sequence[Sequence[Any]]) -> None:
    """Make the old table's triggers: a row's are handed down, a statement's are not."""
    place = f" ON public.{TABLE} "
    for definition, is_for_each_row in triggers:
        invariant(place in definition, "a trigger's definition names its table")
        _run(definition)
        if not is_for_each_row:
            for span in spans:
                _run(definition.replace(place, f" ON public.{partition_name(span)} "))


def partition_name(span: Span) -> str:
    """The table that holds a span of units."""
    return f"{TABLE}_{span[0]:02d}_{span[1]:02d}"


def _run(sql: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall() if cursor.description else []
