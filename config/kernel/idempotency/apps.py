"""Registers the idempotency slice with Django."""

from django.apps import AppConfig


class IdempotencyConfig(AppConfig):
    """The idempotency store."""

    name = "config.kernel.idempotency"
    label = "idempotency"
