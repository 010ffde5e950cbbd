"""Registers the outbox slice with Django."""

from django.apps import AppConfig

from config.kernel.slices import Area, Slice, Table


class OutboxConfig(AppConfig):
    """The transactional outbox."""

    name = "config.kernel.outbox"
    label = "outbox"
    slice = Slice(
        tables=(Table(Area.NOTIFICATIONS, "Events", "outbox", "OutboxEvent"),),
        viewers=("auditor", "teacher"),
    )
