"""Call the operators: an alarm stands in the panel and in the audit log."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from config.kernel import clock, transactions
from config.kernel.audit import chain
from healthcode.decisions.models import Alarm


@transactions.atomic_retry
def raise_alarm(*, kind: str, facts: Mapping[str, Any], at: datetime | None = None) -> Alarm:
    """Raise an alarm. `facts` name no person, but may name an operator.

    Locks: the audit chain's head.
    """
    alarm = Alarm.objects.create(kind=kind, at=at or clock.now(), facts=dict(facts))
    chain.record(
        action="health.alarm", actor="system:health", target=f"alarm:{alarm.id}",
        after={"kind": kind, **facts},
    )  # fmt: skip
    return alarm
