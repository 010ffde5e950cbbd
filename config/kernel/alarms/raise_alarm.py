"""Raise an alarm, and note who has looked at it."""

import uuid
from collections.abc import Iterable, Mapping

from config.kernel import clock, transactions
from config.kernel.actors import operator_actor
from config.kernel.alarms.models import Alarm
from config.kernel.alarms.ports import ALERTS
from config.kernel.audit import chain
from config.kernel.outbox import writes as outbox

ALARM_RAISED = "alarm.raised"


@transactions.atomic_retry
def raise_alarm(*, kind: str, facts: Mapping[str, object], actor: str = "system") -> Alarm:
    """Call the operators: the alarm stands on every home page until somebody has looked.

    Args:
        kind: what has happened, in one word of `snake_case`.
        facts: plain JSON values; no customer's or subject's data.
        actor: who set it off, for the audit log.

    Locks: the audit chain's head.
    """
    alarm = Alarm.objects.create(kind=kind, facts=dict(facts))
    chain.record(
        action="alarm.raised",
        actor=actor,
        target=f"alarm:{alarm.id}",
        after={"kind": kind, **facts},
    )
    if not ALERTS.is_simulated:
        outbox.add(topic=ALARM_RAISED, aggregate_id=alarm.id, payload={"alarm_id": str(alarm.id)})
    return alarm


@transactions.atomic_retry
def see_alarms(*, alarm_ids: Iterable[uuid.UUID], operator: str) -> int:
    """Note that an operator has looked at alarms; those seen before keep their first reader.

    Args:
        operator: login name.

    Returns:
        How many were unseen until now.

    Locks: the alarms, then the audit chain's head.
    """
    unseen = Alarm.objects.select_for_update().filter(id__in=list(alarm_ids), seen_at__isnull=True)
    alarms = list(unseen.order_by("id"))
    for alarm in alarms:
        alarm.seen_by, alarm.seen_at = operator, clock.now()
        alarm.save(update_fields=["seen_by", "seen_at"])
        chain.record(
            action="alarm.seen",
            actor=operator_actor(operator),
            target=f"alarm:{alarm.id}",
            after={"kind": alarm.kind},
        )
    return len(alarms)
