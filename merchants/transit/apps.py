"""Registers the transit slice with Django."""

from django.apps import AppConfig

from config.kernel.slices import SERVICES, Area, Books, Ending, Slice, Table
from merchants.transit.values import TapState


class TransitConfig(AppConfig):
    """Rides paid offline."""

    name = "merchants.transit"
    label = "transit"
    slice = Slice(
        tables=(
            Table(Area.WALLETS, "Rides", "directions_subway", "Ride"),
            Table(Area.WALLETS, "Taps", "contactless", "Tap"),
            Table(Area.WALLETS, "Ride certificates", "card_membership", "TransitCertificate"),
        ),
        viewers=SERVICES,
        urls="",
        tags={"transit": "Rides paid offline: certificates on phones, taps at gates, fares later."},
        enum_names={"TapDirection": "values.Direction", "TransitRideState": "values.RideState"},
        books={Books.SERVICES: ("TransitCertificate", "Ride")},
        endings=(
            Ending(
                "Tap",
                "uploaded_at",
                28,
                "taps that gates refused",
                "passages refusés aux portillons",
                "被拒的闸机记录",
                where={"state": TapState.REFUSED.value},
            ),
        ),
    )
