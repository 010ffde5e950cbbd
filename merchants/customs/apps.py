"""Registers the customs slice with Django."""

from django.apps import AppConfig


class CustomsConfig(AppConfig):
    """Customs declarations of payments."""

    name = "merchants.customs"
    label = "customs"
    default_auto_field = "django.db.models.BigAutoField"
