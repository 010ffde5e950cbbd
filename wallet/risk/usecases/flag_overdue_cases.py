"""Alert operators to risk cases past their deadline."""

from datetime import datetime

from django.db.models import QuerySet

from config.kernel import transactions
from config.kernel.alarms.raise_alarm import raise_alarm
from config.kernel.due_times import Earliest
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
    late = _unflagged().filter(due_at__lte=now).select_for_update(of=("self",), skip_locked=True)
    cases = list(late.order_by("due_at", "id")[:BATCH])
    for case in cases:
        due_at = case.due_at.isoformat() if case.due_at else ""
        raise_alarm(
            kind=OVERDUE,
            facts={"case": str(case.id), "due_at": due_at, "assignee": case.assignee or "nobody"},
        )
        case.flagged_at = now
        case.save(update_fields=["flagged_at"])
    return len(cases)


def _unflagged() -> QuerySet[RiskCase]:
    """Unresolved cases with a time limit about which there is no alarm yet."""
    cases = RiskCase.objects.exclude(state=CaseState.RESOLVED)
    return cases.filter(due_at__isnull=False, flagged_at__isnull=True)


# When the time of the next case is over.
next_overdue = Earliest(_unflagged, "due_at")
