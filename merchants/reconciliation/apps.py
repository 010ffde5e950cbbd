"""Registers the reconciliation slice with Django."""

from django.apps import AppConfig

from config.kernel.slices import MONEY, Area, FourEyes, Slice, Table


class ReconciliationConfig(AppConfig):
    """Statements of the bank, and their breaks against our books."""

    name = "merchants.reconciliation"
    label = "reconciliation"
    slice = Slice(
        tables=(
            Table(Area.SETTLEMENT, "Statements of the bank", "request_quote", "StatementFile"),
            Table(Area.SETTLEMENT, "Breaks", "difference", "Break"),
        ),
        viewers=MONEY,
        four_eyes=(
            FourEyes(("reconciliation.*",), asks=("finance_ops",), approves=("finance_approver",)),
        ),
    )
