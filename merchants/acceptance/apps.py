"""Registers the acceptance slice with Django."""

from django.apps import AppConfig


class AcceptanceConfig(AppConfig):
    """The orders a merchant takes money for."""

    name = "merchants.acceptance"
    label = "acceptance"
    default_auto_field = "django.db.models.BigAutoField"
