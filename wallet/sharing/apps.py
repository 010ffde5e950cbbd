"""Registers the sharing slice with Django."""

from django.apps import AppConfig

from config.kernel.slices import SERVICES, Area, Books, Slice, Table


class SharingConfig(AppConfig):
    """Split bills and red packets."""

    name = "wallet.sharing"
    label = "sharing"
    slice = Slice(
        tables=(
            Table(Area.WALLETS, "Split bills", "splitscreen", "SplitBill"),
            Table(Area.WALLETS, "Red packets", "redeem", "RedPacket"),
        ),
        viewers=SERVICES,
        urls="api/v1/",
        tags={"sharing": "A bill that is split, and red packets."},
        enum_names={"SplitBillState": "values.SplitState", "RedPacketState": "values.PacketState"},
        books={Books.SERVICES: ("SplitBill", "SplitShare", "RedPacket", "PacketClaim")},
    )
