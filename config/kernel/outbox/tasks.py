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

log = logging.getLogger(__name__)
MAX_BATCHES = 20
# A message's share of a worker, well below the time limit of its task.
SHARE_S = 20.0

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
    """Send again what was lost on the way."""
    return relay.sweep()


@shared_task(name="outbox.deliver")
def deliver_events(topic: str, event_ids: list[str], **_: object) -> int:
    """Let every consumer of the topic have its effect of each event, once.

    One failing effect must not keep the others waiting: it is logged and the sweep
    brings its event again. What is not done within the message's share of time goes back
    to the queue as a message of its own, and so does what an interruption leaves.
    """
    effects = 0
    until = time.monotonic() + SHARE_S
    for place, event_id in enumerate(event_ids):
        if time.monotonic() > until:
            _hand_back(topic, event_ids[place:])
            break
        try:
            effects += _deliver_event(topic, uuid.UUID(event_id))
        except SoftTimeLimitExceeded:
            _hand_back(topic, event_ids[place:])
            raise
    return effects


def _deliver_event(topic: str, event_id: uuid.UUID) -> int:
    effects = 0
    for consumer in consumers_of(topic):
        with working_on(event=str(event_id), topic=topic, consumer=consumer.name):
            try:
                effects += relay.deliver(consumer, event_id)
            except SoftTimeLimitExceeded:
                raise
            except Exception:
                # The edge of the process: any bug of one effect ends here, in the log.
                log.exception("effect failed")
    relay.finish(event_id)
    return effects


def _hand_back(topic: str, event_ids: list[str]) -> None:
    current_app.send_task("outbox.deliver", kwargs={"topic": topic, "event_ids": event_ids})
