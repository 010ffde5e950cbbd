"""Registers the clearing slice with Django."""

from django.apps import AppConfig

from config.kernel.slices import MONEY, Area, Books, Slice, Table


class ClearingConfig(AppConfig):
    """Payments between placement units."""

    name = "wallet.clearing"
    label = "clearing"
    slice = Slice(
        tables=(
            Table(Area.PAYMENTS, "To other units", "call_made", "OutgoingTransfer"),
            Table(Area.PAYMENTS, "From other units", "call_received", "IncomingTransfer"),
        ),
        viewers=(*MONEY, "support"),
        urls="api/v1/",
        tags={"clearing": "Payments to merchants of other placement units."},
        enum_names={
            "UnitTransferState": "values.OutgoingState",
            "UnitTransferReason": "values.RefusalReason",
        },
        books={Books.PAYMENTS: ("OutgoingTransfer", "IncomingTransfer")},
    )
