"""Registers the selfscan slice with Django."""

from django.apps import AppConfig

from config.kernel.slices import SERVICES, Area, Ending, Slice, Table
from merchants.selfscan.values import TripState


class SelfscanConfig(AppConfig):
    """Scan and go."""

    name = "merchants.selfscan"
    label = "selfscan"
    slice = Slice(
        tables=(Table(Area.WALLETS, "Trips through stores", "shopping_cart", "Trip"),),
        viewers=SERVICES,
        urls="",
        tags={"scan and go": "A basket scanned by its shopper, an exit code, the gate, the audit."},
        enum_names={"TripState": "values.TripState"},
        endings=(
            Ending(
                "Trip",
                "ended_at",
                28,
                "baskets that were left behind",
                "paniers abandonnés",
                "放弃的购物篮",
                where={"state": TripState.ABANDONED.value},
            ),
        ),
    )
