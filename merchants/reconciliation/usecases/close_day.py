"""Close a day's books, once a second operator agrees."""

from datetime import date

from config.kernel import approvals, transactions
from config.kernel.actors import operator_actor
from config.kernel.approvals.steps import PURPOSE_CHARACTERS
from config.kernel.audit import chain
from merchants.reconciliation import queries, rules
from merchants.reconciliation.models import ClosedDay, StatementFile

CLOSE_DAY = "reconciliation.close_day"


@transactions.atomic_retry
def close_day(*, day: date, actor: str) -> ClosedDay:
    """Close a house day: no other statement of it is read, and its breaks stay as they are.

    Days are closed in order, each once its statement and the next day's were compared and
    nothing waits. Only the approval calls it.

    Raises:
        rules.DayClosed, rules.DayNotReconciled, rules.BreaksOpen: it cannot be closed.

    Locks: the day's statement.
    """
    rows = StatementFile.objects.select_for_update()
    list(rows.filter(day=day, superseded_at__isnull=True))
    rules.check_closing(**queries.closing_facts(day))  # type: ignore[arg-type]
    return ClosedDay.objects.create(day=day, closed_by=actor)


def _day(parameters: approvals.Parameters) -> date:
    try:
        return date.fromisoformat(str(parameters["day"]))
    except ValueError as error:
        raise rules.DayNotReconciled(field="day") from error


def show_day(parameters: approvals.Parameters) -> approvals.Facts:
    """Which day, and what its statement came to."""
    day = _day(parameters)
    file = queries.statement_file(day)
    lines = "none" if file is None else f"{file.line_count} lines"
    return {"day": day.isoformat(), "statement": lines}


def _state(parameters: approvals.Parameters) -> approvals.Facts:
    return dict(queries.closing_facts(_day(parameters)))


def check_day(parameters: approvals.Parameters) -> None:
    """Only a day that was compared, and of which nothing waits."""
    rules.check_closing(**queries.closing_facts(_day(parameters)))  # type: ignore[arg-type]


def _effect(parameters: approvals.Parameters) -> approvals.Facts:
    return {f"books of {_day(parameters)}": approvals.change("open", "closed"), "money": "none"}


def target_of_day(parameters: approvals.Parameters) -> str:
    """The day."""
    return f"house_day:{_day(parameters).isoformat()}"


@approvals.action(
    CLOSE_DAY,
    title="Close the books of a day",
    parameters={"day": show_day},
    target=target_of_day,
    state=_state,
    check=check_day,
    effect=_effect,
)
def close_day_approved(approved: approvals.Approved) -> approvals.Facts:
    """Executor of the approval: the day closed, and who let it be."""
    actor = operator_actor(approved.checkers[-1])
    row = close_day(day=_day(approved.parameters), actor=actor)
    chain.record(
        action=CLOSE_DAY,
        actor=actor,
        target=target_of_day(approved.parameters),
        purpose=approved.reason[:PURPOSE_CHARACTERS],
        after={
            "maker": approved.maker,
            "checkers": list(approved.checkers),
            "approval": str(approved.request_id),
        },
    )
    return {"day": row.day.isoformat()}
