"""Registers the risk slice with Django."""

from importlib import import_module

from django.apps import AppConfig


class RiskConfig(AppConfig):
    """The risk rules and decisions on movements of money."""

    name = "wallet.risk"
    label = "risk"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let withdrawals be asked about."""
        import_module("wallet.risk.screens").register()
