"""Which operators may read which alarms: each slice declares it for its own.

What nobody hides is told to every operator, a broken glass above all.
"""

from collections.abc import Callable

from django.contrib.auth.models import User
from django.db.models import Q, QuerySet

from config.kernel.alarms.models import Alarm

# Gives the alarms that an operator may not read; None where there are none.
Hidden = Callable[[User], Q | None]

_hidden: list[Hidden] = []


def hide(hidden: Hidden) -> None:
    """Register what hides a slice's alarms from those who have no right on them."""
    if hidden not in _hidden:
        _hidden.append(hidden)


def visible_to(operator: User) -> QuerySet[Alarm]:
    """The alarms that are an operator's to look at."""
    rows = Alarm.objects.all()
    for hidden in _hidden:
        condition = hidden(operator)
        if condition is not None:
            rows = rows.exclude(condition)
    return rows
