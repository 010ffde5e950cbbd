"""Compare a day's statement with our books and keep the breaks."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from config.kernel import clock, transactions
from config.kernel.approvals import targets
from config.kernel.failpoints import failpoint
from merchants.reconciliation import queries, rules
from merchants.reconciliation.models import Break, StatementFile
from merchants.reconciliation.values import BreakState, Difference

AT_ONCE = 2000
ACTOR = "system:reconciliation"
Identity = tuple[int, str, str, bool]
_COMPARED = ("kind", "ours_minor", "theirs_minor", "currency")


def reconcile_day(*, day: date) -> list[Difference]:
    """Keep a day's breaks, and those of the day before, which its lines may clear.

    A difference that is no longer there clears its break; one that two operators closed
    stays closed. Doing it again changes nothing. Without a statement the day has one break.

    Returns:
        The day's differences now, in the order of the statement.

    Raises:
        rules.DayNotOver: there is no statement, and none can be expected yet.

    Locks: the day's statement, then its breaks; the day before likewise, in a transaction
        of its own.
    """
    differences = keep_breaks(day=day)
    failpoint("reconciliation.after_day")
    before = day - timedelta(days=1)
    if queries.statement_file(before) is not None:
        keep_breaks(day=before)
    return differences


@transactions.atomic_retry
def keep_breaks(*, day: date) -> list[Difference]:
    """Compare one day and keep its breaks; see `reconcile_day`. Those of a closed day stay."""
    rows = StatementFile.objects.select_for_update()
    file = rows.filter(day=day, superseded_at__isnull=True).first()
    if file is None:
        if day >= clock.house_day():
            raise rules.DayNotOver(day=day.isoformat())
        differences = [queries.missing_statement(day)]
    else:
        differences = queries.compared(queries.stored_statement(file))
    if not queries.is_closed(day):
        _keep(day, differences)
    return differences


def _identity(row: Break | Difference) -> Identity:
    return row.position, row.reference, row.bank_reference, row.is_incoming


def _keep(day: date, differences: Sequence[Difference]) -> None:
    rows_by_identity = {_identity(row): row for row in queries.breaks_on(day).select_for_update()}
    fresh = [_made(day, entry) for entry in differences if _identity(entry) not in rows_by_identity]
    # Of a day without a statement nothing is locked: another reader may have been faster.
    Break.objects.bulk_create(fresh, batch_size=AT_ONCE, ignore_conflicts=True)
    by_identity = {_identity(entry): entry for entry in differences}
    for identity, row in rows_by_identity.items():
        if row.state != BreakState.RESOLVED:
            _bring_up_to_date(row, by_identity.get(identity))


def _made(day: date, entry: Difference) -> Break:
    now = clock.now()
    return Break(
        day=day,
        position=entry.position,
        kind=entry.kind,
        reference=entry.reference,
        bank_reference=entry.bank_reference,
        ours_minor=entry.ours_minor,
        theirs_minor=entry.theirs_minor,
        is_incoming=entry.is_incoming,
        currency=entry.currency,
        state=BreakState.CLEARED if entry.settled else BreakState.OPEN,
        found_at=now,
        closed_at=now if entry.settled else None,
    )


def _bring_up_to_date(row: Break, entry: Difference | None) -> None:
    """Let a break say what is so now; without a difference it is cleared."""
    state = BreakState.CLEARED if entry is None or entry.settled else BreakState.OPEN
    changes: Mapping[str, object] = entry._asdict() if entry else {}
    fields = {name: changes[name] for name in _COMPARED if name in changes}
    if row.state == state and all(getattr(row, name) == fields[name] for name in fields):
        return
    targets.moved(target_of(row), actor=ACTOR)
    for name, value in fields.items():
        setattr(row, name, value)
    if row.state != state:
        row.closed_at = clock.now() if state is BreakState.CLEARED else None
    row.state = state
    row.save(update_fields=[*fields, "state", "closed_at"])


def target_of(row: Break) -> str:
    """A break as approvals name it."""
    return f"break:{row.id}"
