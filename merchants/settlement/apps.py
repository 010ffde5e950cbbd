"""Registers the settlement slice with Django."""

from django.apps import AppConfig


class SettlementConfig(AppConfig):
    """The settlement batches."""

    name = "merchants.settlement"
    label = "settlement"
    default_auto_field = "django.db.models.BigAutoField"
