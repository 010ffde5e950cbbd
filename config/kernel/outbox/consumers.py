"""Who listens to which topic. Slices subscribe in their `tasks.py`."""

import uuid
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from config.kernel.errors import invariant
from config.kernel.outbox.models import OutboxEvent, Subscription

Handler = Callable[[OutboxEvent], None]
SetHandler = Callable[[Sequence[OutboxEvent]], None]
Concern = Callable[[Sequence[OutboxEvent]], Collection[uuid.UUID]]


@dataclass(frozen=True, slots=True)
class Consumer:
    """One effect of one topic.

    Attributes:
        name: what its marks are kept under.
        topic: whose events it has.
        apply: has the effects of some events, in the order of their ids.
        handler: the slice's own function.
        in_order: whether it has the events of one aggregate in the order they happened.
        is_set_wise: whether it has many events in one transaction.
        concern: which of some events have an effect here at all; None for every one.
    """

    name: str
    topic: str
    apply: SetHandler
    handler: Callable[..., None]
    in_order: bool = False
    is_set_wise: bool = False
    concern: Concern | None = None


_consumers: dict[tuple[str, str], Consumer] = {}


def subscribe(
    topic: str, *, name: str, in_order: bool = False, concern: Concern | None = None
) -> Callable[[Handler], Handler]:
    """Register a handler for a topic; it has one event at a time.

    The handler runs inside a transaction together with the mark that it ran: its effect
    in the database happens exactly once, however often the event is delivered. What must
    leave the database (a call to a merchant) it writes down as a row that falls due.
    One handler may subscribe to several topics under the same name.

    Args:
        topic: whose events.
        name: of the consumer, unique in its topic.
        in_order: the events of one aggregate come in the order in which they happened.
        concern: gives the ids of those of some events that the handler must have; the others
            are marked all at once. For a handler with nothing to do for most events.
    """

    def register(handler: Handler) -> Handler:
        def apply(events: Sequence[OutboxEvent]) -> None:
            for event in events:
                handler(event)

        _register(Consumer(name, topic, apply, handler, in_order, concern=concern))
        return handler

    return register


def subscribe_set(
    topic: str, *, name: str, in_order: bool = False
) -> Callable[[SetHandler], SetHandler]:
    """Register a handler that has many events of a topic at once, all in one transaction.

    As with `subscribe`, effects and marks are one transaction. The events come in the order
    of their ids. Where the handler fails, each event is brought again alone, so that one
    event's fault is not its neighbours'.
    """

    def register(handler: SetHandler) -> SetHandler:
        _register(Consumer(name, topic, handler, handler, in_order, is_set_wise=True))
        return handler

    return register


def those_about(
    key: str, ids_that_matter: Callable[[Collection[uuid.UUID]], Collection[uuid.UUID]]
) -> Concern:
    """A concern by an id in the payload: the query gives those of some ids that matter."""

    def concern(events: Sequence[OutboxEvent]) -> list[uuid.UUID]:
        ids = {event.id: uuid.UUID(str(event.payload[key])) for event in events}
        matter = set(ids_that_matter(set(ids.values())))
        return [event_id for event_id, subject_id in ids.items() if subject_id in matter]

    return concern


def _register(consumer: Consumer) -> None:
    registered = _consumers.get((consumer.topic, consumer.name))
    invariant(
        registered is None or registered.handler.__qualname__ == consumer.handler.__qualname__,
        f"one consumer of {consumer.topic} is called {consumer.name}",
    )
    _consumers[consumer.topic, consumer.name] = consumer


def consumers_of(topic: str) -> list[Consumer]:
    """All consumers of a topic, by name."""
    consumers = [consumer for consumer in _consumers.values() if consumer.topic == topic]
    return sorted(consumers, key=lambda consumer: consumer.name)


def record_subscriptions(**_: object) -> None:
    """Write down after a migration who is owed what: this version's consumers and no others."""
    subscriptions = {(consumer.topic, consumer.name) for consumer in _consumers.values()}
    for row in Subscription.objects.all():
        if (row.topic, row.consumer) not in subscriptions:
            row.delete()
    Subscription.objects.bulk_create(
        [Subscription(topic=topic, consumer=name) for topic, name in sorted(subscriptions)],
        ignore_conflicts=True,
    )


def names_owed(topic: str) -> set[str]:
    """Names of everybody who must have had an event of the topic before it is closed."""
    newest = Subscription.objects.filter(topic=topic).values_list("consumer", flat=True)
    return {consumer.name for consumer in consumers_of(topic)} | set(newest)


def consumer_of(topic: str, name: str) -> Consumer:
    """The consumer of this name of a topic."""
    return _consumers[topic, name]


def topics_of(name: str) -> set[str]:
    """The topics that the consumers of one name listen to."""
    return {consumer.topic for consumer in _consumers.values() if consumer.name == name}
