"""Notice an operator who asks for many colours: that is what abuse looks like."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Max

from config.kernel import clock, transactions
from config.kernel.approvals.models import ApprovalRequest
from healthcode.decisions.models import Alarm
from healthcode.decisions.queries import DAY
from healthcode.decisions.rules import OVERRIDES_A_DAY
from healthcode.decisions.usecases.raise_alarm import raise_alarm

KIND = "MANY_OVERRIDES_ASKED"


def busy_makers(*, actions: Sequence[str], now: datetime) -> dict[str, int]:
    """Operators who asked for OVERRIDES_A_DAY people within a day and raised no alarm yet."""
    rows = ApprovalRequest.objects.filter(action__in=actions, requested_at__gt=now - DAY)
    if rows.count() == 0:
        return {}
    asked: Counter[str] = Counter()
    for maker, parameters in rows.values_list("maker__username", "parameters"):
        asked[maker] += _people(parameters)
    told = Alarm.objects.filter(kind=KIND, at__gt=now - DAY)
    known = {str(facts.get("maker")) for facts in told.values_list("facts", flat=True)}
    return {
        maker: count
        for maker, count in sorted(asked.items())
        if count >= OVERRIDES_A_DAY and maker not in known
    }


def _people(parameters: dict[str, Any]) -> int:
    named = parameters.get("subjects")
    return len(named) if isinstance(named, list | dict) else 1


@transactions.atomic_retry
def raise_alarms(*, actions: Sequence[str], now: datetime) -> int:
    """Raise one alarm a day for each operator who asks for many colours, approved or not."""
    found = busy_makers(actions=actions, now=now)
    for maker, count in found.items():
        raise_alarm(kind=KIND, at=now, facts={"maker": maker, "count": count})
    return len(found)


def next_alarm(*, actions: Sequence[str]) -> datetime | None:
    """When the last colour was asked for, if there is an alarm to raise."""
    if not busy_makers(actions=actions, now=clock.now()):
        return None
    asked = ApprovalRequest.objects.filter(action__in=actions).aggregate(last=Max("requested_at"))
    last: datetime | None = asked["last"]
    return last
