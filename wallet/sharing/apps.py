"""Registers the sharing slice with Django."""

from django.apps import AppConfig


class SharingConfig(AppConfig):
    """Split bills and red packets."""

    name = "wallet.sharing"
    label = "sharing"
    default_auto_field = "django.db.models.BigAutoField"
