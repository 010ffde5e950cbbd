"""Registers the escrow slice with Django."""

from django.apps import AppConfig


class EscrowConfig(AppConfig):
    """Guaranteed trades."""

    name = "merchants.escrow"
    label = "escrow"
    default_auto_field = "django.db.models.BigAutoField"
