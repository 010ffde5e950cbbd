"""Call operators to risk cases that nobody has resolved in time."""

import uuid
from datetime import datetime

from django.db.models import Min, QuerySet

from config.kernel import transactions
from config.kernel.alarms.models import Alarm
from config.kernel.alarms.raise_alarm import raise_alarm
from wallet.risk.models import RiskCase
from wallet.risk.values import CaseState

OVERDUE = "risk_case_overdue"
BATCH = 100


@transactions.atomic_retry
def flag_overdue_cases(*, now: datetime) -> int:
    """Raise one alarm for each unresolved case whose time is over by `now`; returns how many.

    A case that was put aside is due all the same.

    Locks: the cases, then the audit chain's head.
    """
    late = _untold().filter(due_at__lte=now).select_for_update(of=("self",), skip_locked=True)
    cases = list(late.order_by("due_at", "id")[:BATCH])
    for case in cases:
        due_at = case.due_at.isoformat() if case.due_at else ""
        raise_alarm(
            kind=OVERDUE,
            facts={"case": str(case.id), "due_at": due_at, "assignee": case.assignee or "nobody"},
        )
    return len(cases)


def next_overdue() -> datetime | None:
    """When the time of the next case is over."""
    due: datetime | None = _untold().aggregate(due=Min("due_at"))["due"]
    return due


def _untold() -> QuerySet[RiskCase]:
    """Unresolved cases with a time limit about which there is no alarm yet."""
    told = Alarm.objects.filter(kind=OVERDUE).values_list("facts", flat=True)
    ids = [uuid.UUID(str(facts["case"])) for facts in told]
    return (
        RiskCase.objects.exclude(state=CaseState.RESOLVED)
        .filter(due_at__isnull=False)
        .exclude(id__in=ids)
    )
