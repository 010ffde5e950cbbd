"""Registers the notifications slice with Django."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    """What merchants are told. The label names its tables and rights, which are older."""

    name = "merchants.notifications"
    label = "gateway"
    default_auto_field = "django.db.models.BigAutoField"
