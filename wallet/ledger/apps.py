"""Registers the ledger slice with Django."""

from importlib import import_module
from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class LedgerConfig(AppConfig):
    """The double-entry ledger."""

    name = "wallet.ledger"
    label = "ledger"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Keep the chart's accounts open: after each migration, as Django keeps its own rows."""
        post_migrate.connect(self.open_chart, sender=self)

    def open_chart(self, **_: Any) -> None:
        """Open the house's own accounts where the tables are there to hold them."""
        import_module("wallet.ledger.usecases.open_account").open_chart()
