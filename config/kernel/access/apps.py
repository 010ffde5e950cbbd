"""Registers the access slice with Django."""

from django.apps import AppConfig


class AccessConfig(AppConfig):
    """Operators' ways in, and the guard of their power."""

    name = "config.kernel.access"
    label = "access"
    default_auto_field = "django.db.models.BigAutoField"
