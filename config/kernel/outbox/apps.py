"""Registers the outbox slice with Django."""

from django.apps import AppConfig


class OutboxConfig(AppConfig):
    """The transactional outbox."""

    name = "config.kernel.outbox"
    label = "outbox"
    default_auto_field = "django.db.models.BigAutoField"
