"""Registers the limits with Django."""

from django.apps import AppConfig


class LimitsConfig(AppConfig):
    """Counters of limits that have no row of their own."""

    name = "config.kernel.limits"
    label = "limits"
