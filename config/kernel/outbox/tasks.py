"""Celery's side of the outbox."""

import logging
import uuid

from celery import shared_task

from config.kernel.outbox import relay
from config.kernel.outbox.consumers import consumers_of

log = logging.getLogger(__name__)
MAX_BATCHES = 20


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
    """Send again what was lost on the way."""
    return relay.sweep()


@shared_task(name="outbox.deliver")
def deliver_events(topic: str, event_ids: list[str], **_: object) -> int:
    """Let every consumer of the topic have its effect of each event, once.

    One failing effect must not keep the others waiting: it is logged and the sweep
    brings its event again.
    """
    effects = 0
    for event_id in map(uuid.UUID, event_ids):
        for consumer in consumers_of(topic):
            try:
                effects += relay.deliver(consumer, event_id)
            except Exception:
                # The edge of the process: any bug of one effect ends here, in the log.
                log.exception("effect failed", extra={"consumer": consumer.name})
        relay.finish(event_id)
    return effects
