"""Celery's side of the outbox."""

import logging
import time
import uuid

from celery import current_app, shared_task
from celery.exceptions import SoftTimeLimitExceeded
from django.apps import apps
from django.db.models.signals import post_migrate

from config.kernel.logs import working_on
from config.kernel.outbox import relay
from config.kernel.outbox.consumers import consumers_of, record_subscriptions
from config.kernel.outbox.models import OutboxEvent

log = logging.getLogger(__name__)
MAX_BATCHES = 20
# A message's share of a worker, well below the time limit of its task.
SHARE_S = 20.0
# How long a batch should take: its locks are held for no longer, and no more is done again.
BATCH_S = 1.0
MOMENT_S = 0.0001

post_migrate.connect(record_subscriptions, sender=apps.get_app_config("outbox"))


@shared_task(name="outbox.relay")
def relay_events() -> int:
    """Publish what waits, batch by batch."""
    sent = 0
    for _ in range(MAX_BATCHES):
        batch = relay.publish_batch()
        sent += batch
        if batch < relay.BATCH:
            break
    return sent


@shared_task(name="outbox.sweep")
def sweep_events() -> int:
    """Send again what was lost on the way; that this runs is the workers' sign of life."""
    relay.beat()
    return relay.sweep()


@shared_task(name="outbox.deliver")
def deliver_events(topic: str, event_ids: list[str], **_: object) -> int:
    """Let every consumer of the topic have its effect of each event, once.

    The events are taken in batches of about a second's work. One failing effect must not
    keep the others waiting: it is logged and the sweep brings its event again. What is not
    done within the message's share of time goes back to the queue as a message of its own,
    and so does what an interruption leaves; neither is an error.
    """
    effects = 0
    left = [uuid.UUID(event_id) for event_id in event_ids]
    until = time.monotonic() + SHARE_S
    try:
        while left and time.monotonic() < until:
            size, began = batches.size(topic), time.monotonic()
            effects += _deliver_batch(topic, left[:size])
            batches.note(topic, len(left[:size]), time.monotonic() - began)
            left = left[size:]
    except SoftTimeLimitExceeded:
        log.warning("interrupted; what is left goes back", extra={"topic": topic})
        batches.note(topic, 1, SHARE_S)
    if left:
        current_app.send_task(
            "outbox.deliver",
            kwargs={"topic": topic, "event_ids": [str(event_id) for event_id in left]},
        )
    return effects


def _deliver_batch(topic: str, event_ids: list[uuid.UUID]) -> int:
    effects = 0
    events = list(OutboxEvent.objects.filter(id__in=event_ids).order_by("id"))
    for consumer in consumers_of(topic):
        with working_on(topic=topic, consumer=consumer.name):
            count, failures = relay.deliver(consumer, events)
            effects += count
            for event, error in failures:
                log.error("effect failed", exc_info=error, extra={"event": str(event.id)})
    relay.finish(topic, event_ids)
    return effects


class BatchSizes:
    """How many events of a topic this process takes at once, by how long they took it."""

    def __init__(self) -> None:
        self._seconds_each: dict[str, float] = {}

    def size(self, topic: str) -> int:
        """As many as should take BATCH_S; one of a topic that this process meets first."""
        seconds = self._seconds_each.get(topic, BATCH_S)
        return max(1, min(relay.BATCH, int(BATCH_S / max(seconds, MOMENT_S))))

    def note(self, topic: str, count: int, seconds: float) -> None:
        """Remember how long so many events took."""
        self._seconds_each[topic] = seconds / count


batches = BatchSizes()
