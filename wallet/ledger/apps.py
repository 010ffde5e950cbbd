"""Registers the ledger slice with Django."""

from importlib import import_module
from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate

from config.kernel.slices import MONEY, Area, Slice, Table


class LedgerConfig(AppConfig):
    """The double-entry ledger."""

    name = "wallet.ledger"
    label = "ledger"
    slice = Slice(
        tables=(
            Table(Area.LEDGER, "Accounts", "book", "Account", searched=True),
            Table(Area.LEDGER, "Journals", "menu_book", "Journal", searched=True),
            Table(Area.LEDGER, "Entries", "list", "Entry"),
            Table(Area.LEDGER, "Holds", "lock_clock", "Hold"),
            Table(Area.LEDGER, "Checkpoints", "flag", "Checkpoint"),
            Table(Area.LEDGER, "Proofs", "verified", "Proof"),
        ),
        viewers=MONEY,
    )

    def ready(self) -> None:
        """Keep the chart's accounts open: after each migration, as Django keeps its own rows."""
        post_migrate.connect(self.open_chart, sender=self)

    def open_chart(self, **_: Any) -> None:
        """Open the house's own accounts where the tables are there to hold them."""
        import_module("wallet.ledger.usecases.open_account").open_chart()
