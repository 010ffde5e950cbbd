"""Registers the splits slice with Django."""

from django.apps import AppConfig

from config.kernel.slices import MONEY, Area, Books, Slice, Table


class SplitsConfig(AppConfig):
    """Splits of paid trades."""

    name = "merchants.splits"
    label = "splits"
    slice = Slice(
        tables=(
            Table(Area.SETTLEMENT, "Splits", "call_split", "Split"),
            Table(Area.SETTLEMENT, "Payees of splits", "group", "SplitRelation"),
        ),
        viewers=MONEY,
        books={Books.PAYMENTS: ("Split", "SplitRelation", "SplitShare")},
    )
