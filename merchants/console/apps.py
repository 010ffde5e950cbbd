"""Registers the console slice with Django."""

from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    """Pages for developers of merchant systems."""

    name = "merchants.console"
    label = "developer_console"
    default_auto_field = "django.db.models.BigAutoField"
