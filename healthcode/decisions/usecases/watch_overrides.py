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
    counts: Counter[str] = Counter()
    for maker, parameters in rows.values_list("maker__username", "parameters"):
        counts[maker] += _people(parameters)
    alarms = Alarm.objects.filter(kind=KIND, at__gt=now - DAY)
    makers_with_alarm = {
        str(facts.get("maker")) for facts in alarms.values_list("facts", flat=True)
    }
    return {
        maker: count
        for maker, count in sorted(counts.items())
        if count >= OVERRIDES_A_DAY and maker not in makers_with_alarm
    }


def _people(parameters: dict[str, Any]) -> int:
    people = parameters.get("subjects")
    return len(people) if isinstance(people, list | dict) else 1


@transactions.atomic_retry
def raise_alarms(*, actions: Sequence[str], now: datetime) -> int:
    """Raise one alarm a day for each operator who asks for many colours, approved or not."""
    makers = busy_makers(actions=actions, now=now)
    for maker, count in makers.items():
        raise_alarm(kind=KIND, at=now, facts={"maker": maker, "count": count})
    return len(makers)


def next_alarm(*, actions: Sequence[str]) -> datetime | None:
    """When the last colour was asked for, if there is an alarm to raise."""
    if not busy_makers(actions=actions, now=clock.now()):
        return None
    latest = ApprovalRequest.objects.filter(action__in=actions).aggregate(last=Max("requested_at"))
    last: datetime | None = latest["last"]
    return last
