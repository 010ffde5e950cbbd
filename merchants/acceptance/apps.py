"""Registers the acceptance slice with Django."""

from django.apps import AppConfig

from config.kernel.slices import MONEY, Area, Slice, Table


class AcceptanceConfig(AppConfig):
    """The orders a merchant takes money for."""

    name = "merchants.acceptance"
    label = "acceptance"
    slice = Slice(
        tables=(Table(Area.PAYMENTS, "Orders", "receipt_long", "Order"),),
        viewers=(*MONEY, "merchant_ops", "support"),
        urls="",
        tags={"scans": "Opening a merchant's code with the payer's phone."},
        enum_names={"ScanKind": "values.ScanKind", "OrderStatus": "values.OrderStatus"},
    )
