"""Post drafts through the ORM: the portable twin of the PostgreSQL function.

The same decisions by `rules.decide`, in one transaction. SQLite lets one writer in at a
time and its transactions begin IMMEDIATE, so nothing else moves between reading and
writing. On PostgreSQL, where the tests hold it against the function, the rows are locked
in id order as there.
"""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection

from config.kernel import ids, prepared_statements, transactions
from wallet.ledger.models import Account, Entry, Journal, PendingDelta
from wallet.ledger.rules import AccountSnapshot, change, decide, needs_lock
from wallet.ledger.usecases.roll_up_accounts import roll_up_locked
from wallet.ledger.values import AccountState, Draft, Line, Outcome, Result, Side


@dataclass
class _Batch:
    """What a batch has read, and what it is going to write."""

    snapshots: dict[uuid.UUID, AccountSnapshot]
    units: dict[uuid.UUID, int]
    appended: set[uuid.UUID]
    posted: dict[str, tuple[uuid.UUID, Draft]]
    reversed_ids: set[uuid.UUID | None]
    journals: list[Journal] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    changes: dict[uuid.UUID, int] = field(default_factory=lambda: defaultdict(int))
    times: dict[uuid.UUID, datetime] = field(default_factory=dict)


@transactions.atomic_retry
def post_by_rows(drafts: Sequence[Draft]) -> list[Result]:
    """Post checked drafts by reading and writing rows; see `post_journals`."""
    batch = _read(drafts)
    results = [_decide(draft, batch) for draft in drafts]
    with _gate_open():
        Journal.objects.bulk_create(batch.journals)
        Entry.objects.bulk_create(batch.entries)
    for account_id, change_minor in sorted(batch.changes.items()):
        snapshot = batch.snapshots[account_id]
        if account_id in batch.appended:
            PendingDelta.objects.create(
                account_id=account_id,
                change_minor=change_minor,
                posted_at=batch.times[account_id],
            )
        else:
            last_posted_at = snapshot.last_posted_at if snapshot.hot else batch.times[account_id]
            Account.objects.filter(id=account_id).update(
                posted_minor=snapshot.posted_minor, last_posted_at=last_posted_at
            )
    return results


@contextmanager
def _gate_open() -> Iterator[None]:
    """Let journals and entries in; only PostgreSQL has that gate."""
    if connection.vendor != "postgresql":
        yield
        return
    prepared_statements.fetch_rows("SELECT set_config('saoma.posting', 'on', true)", [])
    yield
    prepared_statements.fetch_rows("SELECT set_config('saoma.posting', 'off', true)", [])


def _read(drafts: Sequence[Draft]) -> _Batch:
    """Lock what must be locked, then read accounts, known keys and reversals."""
    lines = [line for draft in drafts for line in draft.lines]
    account_ids = {line.account_id for line in lines}
    rows = {row.id: row for row in Account.objects.filter(id__in=account_ids)}
    falling = {
        line.account_id
        for line in lines
        if line.account_id in rows and line.side != rows[line.account_id].normal_side
    }
    locked = {
        row.id
        for row in rows.values()
        if needs_lock(hot=row.hot, floor_minor=row.floor_minor, falls=row.id in falling)
    }
    for row in _locked(rows, locked):
        if row.hot:
            roll_up_locked(row)
        rows[row.id] = row
    return _Batch(
        snapshots={row.id: _snapshot(row) for row in rows.values()},
        units={row.id: row.unit for row in rows.values()},
        appended=set(rows) - locked,
        posted=_known(drafts),
        reversed_ids=_reversed([draft.reverses for draft in drafts if draft.reverses]),
    )


def _locked(rows: Mapping[uuid.UUID, Account], ids: Collection[uuid.UUID]) -> list[Account]:
    """Some accounts as they are under their locks; SQLite's one writer has read them already."""
    if not connection.features.has_select_for_update:
        return [rows[account_id] for account_id in sorted(ids)]
    again = Account.objects.filter(id__in=ids).select_for_update(no_key=True)
    return list(again.order_by("id"))


def _reversed(ids: Collection[uuid.UUID]) -> set[uuid.UUID | None]:
    if not ids:
        return set()
    rows = Journal.objects.filter(reversal_of__in=ids)
    return set(rows.values_list("reversal_of", flat=True))


def _snapshot(row: Account) -> AccountSnapshot:
    return AccountSnapshot(
        id=row.id,
        currency=row.currency,
        normal_side=Side(row.normal_side),
        state=AccountState(row.state),
        hot=row.hot,
        floor_minor=row.floor_minor,
        posted_minor=row.posted_minor,
        held_minor=row.held_minor,
        last_posted_at=row.last_posted_at,
    )


def _known(drafts: Sequence[Draft]) -> dict[str, tuple[uuid.UUID, Draft]]:
    """The journals that the drafts' keys stand for already, as drafts."""
    journals = Journal.objects.filter(key__in=[draft.key for draft in drafts])
    return {
        row.key: (
            row.id,
            Draft(
                key=row.key,
                kind=row.kind,
                lines=tuple(
                    Line(entry.account_id, Side(entry.side), entry.amount_minor, entry.currency)
                    for entry in sorted(row.entries.all(), key=lambda entry: entry.line_no)
                ),
                posted_at=row.posted_at,
                business_date=row.business_date,
                reverses=row.reversal_of,
            ),
        )
        for row in journals.prefetch_related("entries")
    }


def _decide(draft: Draft, batch: _Batch) -> Result:
    """Decide one draft and, where it stands, add its rows to the batch."""
    if draft.key in batch.posted:
        journal_id, first = batch.posted[draft.key]
        same = (first.kind, first.lines, first.reverses) == (
            draft.kind,
            draft.lines,
            draft.reverses,
        )
        if same:
            return Result(Outcome.REPLAYED, journal_id, None)
        return Result(Outcome.KEY_CONFLICT, None, None)
    if draft.reverses and draft.reverses in batch.reversed_ids:
        return Result(Outcome.ALREADY_REVERSED, None, None)
    outcome, account_id = decide(draft, batch.snapshots)
    if outcome is not Outcome.POSTED:
        return Result(outcome, None, account_id)
    journal_id = ids.uuid7()
    batch.posted[draft.key] = (journal_id, draft)
    if draft.reverses:
        batch.reversed_ids.add(draft.reverses)
    _write(journal_id, draft, batch)
    return Result(Outcome.POSTED, journal_id, None)


def _write(journal_id: uuid.UUID, draft: Draft, batch: _Batch) -> None:
    batch.journals.append(
        Journal(
            id=journal_id,
            posted_at=draft.posted_at,
            reversal_of=draft.reverses,
            business_date=draft.business_date,
            unit=batch.units[draft.lines[0].account_id],
            key=draft.key,
            kind=draft.kind,
            reference=draft.reference,
            narrative=draft.narrative,
        )
    )
    for line_no, line in enumerate(draft.lines, start=1):
        snapshot = batch.snapshots[line.account_id]
        change_minor = change(line, snapshot.normal_side)
        snapshot.posted_minor += change_minor
        batch.changes[snapshot.id] += change_minor
        # Entries never run backwards in time on one account.
        latest = batch.times.get(snapshot.id) or snapshot.last_posted_at or draft.posted_at
        batch.times[snapshot.id] = max(latest, draft.posted_at)
        value_at = draft.value_at or draft.posted_at
        batch.entries.append(
            Entry(
                posted_at=batch.times[snapshot.id],
                value_at=value_at if value_at != batch.times[snapshot.id] else None,
                journal_id=journal_id,
                account_id=snapshot.id,
                amount_minor=line.amount_minor,
                balance_after_minor=None if snapshot.hot else snapshot.posted_minor,
                business_date=draft.business_date,
                line_no=line_no,
                unit=batch.units[snapshot.id],
                side=line.side,
                currency=line.currency,
            )
        )
