"""Registers the alarms with Django."""

from django.apps import AppConfig


class AlarmsConfig(AppConfig):
    """Operators' alarms."""

    name = "config.kernel.alarms"
    label = "alarms"
    default_auto_field = "django.db.models.BigAutoField"
