"""Registers the escrow slice with Django."""

from django.apps import AppConfig

from config.kernel.slices import MONEY, Area, Slice, Table


class EscrowConfig(AppConfig):
    """Guaranteed trades."""

    name = "merchants.escrow"
    label = "escrow"
    slice = Slice(
        tables=(Table(Area.SETTLEMENT, "Guaranteed trades", "lock", "Escrow"),), viewers=MONEY
    )
