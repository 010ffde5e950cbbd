"""Consumer of raised alarms: send each to the port."""

from config.kernel.alarms.models import Alarm
from config.kernel.alarms.ports import ALERTS
from config.kernel.alarms.raise_alarm import ALARM_RAISED
from config.kernel.outbox.consumers import subscribe
from config.kernel.outbox.models import OutboxEvent


@subscribe(ALARM_RAISED, name="alarms.call")
def call(event: OutboxEvent) -> None:
    """Call whoever is on duty; where that fails the relay brings the event again."""
    ALERTS.adapter().call(Alarm.objects.get(id=event.aggregate_id))
