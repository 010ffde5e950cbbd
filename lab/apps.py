"""Registers the lab slice with Django."""

from django.apps import AppConfig


class LabConfig(AppConfig):
    """The teaching layer."""

    name = "lab"
    label = "lab"
    default_auto_field = "django.db.models.BigAutoField"
