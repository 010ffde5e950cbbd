"""Registers the deals slice with Django."""

from django.apps import AppConfig


class DealsConfig(AppConfig):
    """Deals whose money waits in escrow."""

    name = "merchants.deals"
    label = "deals"
    default_auto_field = "django.db.models.BigAutoField"
