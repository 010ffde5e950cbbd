"""Registers the parking slice with Django."""

from django.apps import AppConfig

from config.kernel.slices import SERVICES, Area, Books, Slice, Table


class ParkingConfig(AppConfig):
    """Vehicles under agreements, and their stays."""

    name = "merchants.parking"
    label = "parking"
    slice = Slice(
        tables=(
            Table(Area.WALLETS, "Vehicles", "directions_car", "Vehicle"),
            Table(Area.WALLETS, "Stays", "local_parking", "Stay"),
        ),
        viewers=SERVICES,
        urls="",
        tags={"parking": "Plates under agreements: a gate tells of them, no phone is needed."},
        enum_names={"StayState": "values.StayState"},
        books={Books.SERVICES: ("Vehicle",)},
    )
