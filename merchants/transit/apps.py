"""Registers the transit slice with Django."""

from django.apps import AppConfig


class TransitConfig(AppConfig):
    """Rides paid offline."""

    name = "merchants.transit"
    label = "transit"
    default_auto_field = "django.db.models.BigAutoField"
