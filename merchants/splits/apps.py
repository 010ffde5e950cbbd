"""Registers the splits slice with Django."""

from django.apps import AppConfig


class SplitsConfig(AppConfig):
    """Splits of paid trades."""

    name = "merchants.splits"
    label = "splits"
    default_auto_field = "django.db.models.BigAutoField"
