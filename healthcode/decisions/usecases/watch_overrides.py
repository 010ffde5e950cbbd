"""Notice an operator who asks for many colours: that is what abuse looks like."""

from datetime import datetime

from django.db.models import Count, Max

from config.kernel import clock, transactions
from config.kernel.approvals.models import ApprovalRequest
from healthcode.decisions.models import Alarm
from healthcode.decisions.queries import DAY
from healthcode.decisions.usecases.set_override import OVERRIDES_A_DAY

KIND = "MANY_OVERRIDES_ASKED"


def busy_makers(*, action: str, now: datetime) -> dict[str, int]:
    """Operators who asked for OVERRIDES_A_DAY colours within a day and raised no alarm yet."""
    rows = (
        ApprovalRequest.objects.filter(action=action, requested_at__gt=now - DAY)
        .values("maker__username")
        .annotate(n=Count("id"))
        .filter(n__gte=OVERRIDES_A_DAY)
        .order_by("maker__username")
    )
    told = Alarm.objects.filter(kind=KIND, at__gt=now - DAY)
    known = {str(facts.get("maker")) for facts in told.values_list("facts", flat=True)}
    return {row["maker__username"]: row["n"] for row in rows if row["maker__username"] not in known}


@transactions.atomic_retry
def raise_alarms(*, action: str, now: datetime) -> int:
    """Raise one alarm a day for each operator who asks for many colours, approved or not."""
    found = busy_makers(action=action, now=now)
    for maker, count in sorted(found.items()):
        Alarm.objects.create(kind=KIND, at=now, facts={"maker": maker, "count": count})
    return len(found)


def next_alarm(*, action: str) -> datetime | None:
    """When the last colour was asked for, if there is an alarm to raise."""
    if not busy_makers(action=action, now=clock.now()):
        return None
    asked = ApprovalRequest.objects.filter(action=action).aggregate(last=Max("requested_at"))
    last: datetime | None = asked["last"]
    return last
