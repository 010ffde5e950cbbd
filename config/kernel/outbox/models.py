"""The outbox: what happened, written with what happened."""

from django.db import models
from django.db.models import Q

from config.kernel import clock
from config.kernel.append_only import AppendOnly
from config.kernel.ids import uuid7


class OutboxEvent(models.Model):
    """One event, written in the transaction of the change it tells of.

    `published_at` is when the relay last handed it to the queue, `done_at` when every
    consumer has recorded its effect. An event without `done_at` is sent again by the
    sweep, so a lost message is never a lost effect. `position` is given once it is committed
    and is what readers go on after (see `event_log`); the id is only nearly in order.
    """

    append_only = AppendOnly(
        columns=("id", "topic", "aggregate_id", "payload", "created_at"), deletes=True
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    topic = models.CharField(max_length=64)
    aggregate_id = models.CharField(max_length=64)
    payload = models.JSONField(default=dict)
    position = models.BigIntegerField(null=True, editable=False)
    created_at = models.DateTimeField(default=clock.now)
    published_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("id",)
        indexes = (
            models.Index(
                name="outbox_unpublished", fields=["id"], condition=Q(published_at__isnull=True)
            ),
            models.Index(
                name="outbox_unfinished",
                fields=["published_at"],
                condition=Q(done_at__isnull=True, published_at__isnull=False),
            ),
            models.Index(
                name="outbox_positions", fields=["position"], condition=Q(position__isnull=False)
            ),
            models.Index(
                name="outbox_unnumbered", fields=["id"], condition=Q(position__isnull=True)
            ),
            models.Index(name="outbox_by_aggregate", fields=["aggregate_id", "id"]),
        )

    def __str__(self) -> str:
        return f"{self.topic} {self.aggregate_id}"


class EventCounter(models.Model):
    """The last position that a stream of events has given; locked while it counts on."""

    name = models.CharField(max_length=32, primary_key=True)
    last = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name} {self.last}"


class Pulse(models.Model):
    """When a worker last had a message of the scheduler's: scheduler, broker and workers live."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    beaten_at = models.DateTimeField()

    class Meta:
        constraints = (models.CheckConstraint(name="outbox_one_pulse", condition=Q(id=1)),)

    def __str__(self) -> str:
        return f"{self.beaten_at}"


class Subscription(models.Model):
    """Which consumer is owed the events of a topic, as the newest version that migrated says.

    A worker of an older version, which does not know a consumer yet, leaves the event open
    for it instead of closing it.
    """

    topic = models.CharField(max_length=64)
    consumer = models.CharField(max_length=64)

    class Meta:
        constraints = (
            models.UniqueConstraint(name="outbox_one_subscription", fields=["topic", "consumer"]),
        )

    def __str__(self) -> str:
        return f"{self.consumer} of {self.topic}"


class InboxEntry(models.Model):
    """A consumer's mark that an event has had its effect, written with the effect."""

    append_only = AppendOnly(deletes=True)

    consumer = models.CharField(max_length=64)
    event = models.ForeignKey(OutboxEvent, on_delete=models.CASCADE, related_name="effects")
    done_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = (
            models.UniqueConstraint(name="outbox_one_effect", fields=["event", "consumer"]),
        )

    def __str__(self) -> str:
        return f"{self.consumer} {self.event_id}"
