"""Which audit events only some operators may read.

A slice says which rows are its own and what reading them takes. To everybody else such a
row shows that something was done, when and by whom; not to whom, why, nor what changed.
"""

from collections.abc import Callable

from django.contrib.auth.models import User
from django.db.models import BooleanField, Case, Q, QuerySet, Value, When

from config.kernel.audit.models import AuditEvent
from config.kernel.errors import invariant

# Gives the rows that an operator may not read; None where there are none.
Hidden = Callable[[User], Q | None]

_walls: dict[str, Hidden] = {}
MASKED = "masked"


def wall(name: str, hidden: Hidden) -> None:
    """Put up a wall.

    Args:
        name: of the slice that puts it up, unique.
        hidden: gives the condition of the rows that an operator may not read, or None.
    """
    other = _walls.get(name)
    invariant(
        other is None or other.__qualname__ == hidden.__qualname__, f"one wall is called {name}"
    )
    _walls[name] = hidden


def wall_of_area(name: str, *, permission: str) -> None:
    """Wall off the rows of one area: those whose action begins with `<name>.`."""

    def hidden(operator: User) -> Q | None:
        return None if operator.has_perm(permission) else Q(action__startswith=f"{name}.")

    wall(name, hidden)


def hidden_from(operator: User) -> Q | None:
    """The condition of all rows that an operator may not read; None where there are none."""
    conditions = [
        targets for hidden in _walls.values() if (targets := hidden(operator)) is not None
    ]
    whole: Q | None = None
    for condition in conditions:
        whole = condition if whole is None else whole | condition
    return whole


def with_masks(rows: QuerySet[AuditEvent], operator: User) -> QuerySet[AuditEvent]:
    """Rows with `masked`: whether this operator may not read them."""
    hidden = hidden_from(operator)
    if hidden is None:
        return rows.annotate(masked=Value(False, output_field=BooleanField()))
    masked = Case(When(hidden, then=Value(True)), default=Value(False))
    return rows.annotate(masked=masked)
