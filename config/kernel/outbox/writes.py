"""Writing events."""

import uuid

from config.kernel import transactions
from config.kernel.outbox import relay
from config.kernel.outbox.models import OutboxEvent


def build(*, topic: str, aggregate_id: uuid.UUID | str, payload: dict[str, object]) -> OutboxEvent:
    """Make an event without saving it. The payload holds ids and plain values only."""
    return OutboxEvent(topic=topic, aggregate_id=str(aggregate_id), payload=payload)


def add(*, topic: str, aggregate_id: uuid.UUID | str, payload: dict[str, object]) -> OutboxEvent:
    """Write an event in the caller's transaction and ask for its delivery after commit.

    Raises:
        InvariantBroken: there is no transaction to be part of.
    """
    transactions.require()
    event = build(topic=topic, aggregate_id=aggregate_id, payload=payload)
    event.save(force_insert=True)
    transactions.on_commit(relay.kick)
    return event
