"""Registers the customs slice with Django."""

from django.apps import AppConfig

from config.kernel.slices import MONEY, Area, Books, Slice, Table


class CustomsConfig(AppConfig):
    """Customs declarations of payments."""

    name = "merchants.customs"
    label = "customs"
    slice = Slice(
        tables=(Table(Area.SETTLEMENT, "Customs declarations", "package_2", "CustomsDeclaration"),),
        viewers=MONEY,
        books={Books.PAYMENTS: ("CustomsDeclaration",)},
    )
