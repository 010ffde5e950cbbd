"""Registers the disputes slice with Django."""

from django.apps import AppConfig


class DisputesConfig(AppConfig):
    """Disputes about paid trades."""

    name = "merchants.disputes"
    label = "disputes"
    default_auto_field = "django.db.models.BigAutoField"
