"""Registers the ledger slice with Django."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """The double-entry ledger."""

    name = "wallet.ledger"
    label = "ledger"
    default_auto_field = "django.db.models.BigAutoField"
