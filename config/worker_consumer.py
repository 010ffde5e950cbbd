"""The worker's consumer of messages, without Celery's quorum queues for delayed ones."""

from typing import Any, ClassVar

from celery.worker.consumer import Consumer

_DELAYS = "celery.worker.consumer.delayed_delivery:DelayedDelivery"


class UndelayedConsumer(Consumer):
    """Celery's consumer; the 28 queues that would delay messages are not declared."""

    class Blueprint(Consumer.Blueprint):  # type: ignore[misc, valid-type]
        """The consumer's steps but one: no message is sent for later."""

        default_steps: ClassVar[list[Any]] = [
            step for step in Consumer.Blueprint.default_steps if step != _DELAYS
        ]
