"""Who listens to which topic. Slices subscribe in their `tasks.py`."""

from collections.abc import Callable
from dataclasses import dataclass

from config.kernel.errors import invariant
from config.kernel.outbox.models import OutboxEvent, Subscription

Handler = Callable[[OutboxEvent], None]


@dataclass(frozen=True, slots=True)
class Consumer:
    """One effect of one topic."""

    name: str
    topic: str
    handler: Handler
    in_order: bool = False


_consumers: dict[tuple[str, str], Consumer] = {}


def subscribe(topic: str, *, name: str, in_order: bool = False) -> Callable[[Handler], Handler]:
    """Register a handler for a topic.

    The handler runs inside a transaction together with the mark that it ran: its effect
    in the database happens exactly once, however often the event is delivered. What must
    leave the database (a call to a merchant) it writes down as a row that falls due.
    One handler may subscribe to several topics under the same name; with `in_order` it has
    the events of one aggregate in the order in which they happened.
    """

    def register(handler: Handler) -> Handler:
        consumer = _consumers.get((topic, name))
        invariant(
            consumer is None or consumer.handler.__qualname__ == handler.__qualname__,
            f"one consumer of {topic} is called {name}",
        )
        _consumers[topic, name] = Consumer(name, topic, handler, in_order)
        return handler

    return register


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
