"""Registers the clearing slice with Django."""

from django.apps import AppConfig

from config.kernel.slices import Books, Slice


class ClearingConfig(AppConfig):
    """Payments between placement units."""

    name = "wallet.clearing"
    label = "clearing"
    slice = Slice(
        urls="api/v1/",
        tags={"clearing": "Payments to merchants of other placement units."},
        enum_names={
            "UnitTransferState": "values.OutgoingState",
            "UnitTransferReason": "values.RefusalReason",
        },
        books={Books.PAYMENTS: ("OutgoingTransfer", "IncomingTransfer")},
    )
