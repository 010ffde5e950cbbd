"""Registers the deals slice with Django."""

from django.apps import AppConfig

from config.kernel.slices import MONEY, Area, Books, Ending, FourEyes, Slice, Table


class DealsConfig(AppConfig):
    """Deals whose money waits in escrow."""

    name = "merchants.deals"
    label = "deals"
    slice = Slice(
        tables=(
            Table(Area.SETTLEMENT, "Deals", "orders", "Deal"),
            Table(Area.SETTLEMENT, "Parcel events", "local_shipping", "ParcelEvent"),
        ),
        viewers=(*MONEY, "support"),
        four_eyes=(FourEyes(("deals.*",), asks=("payments_ops",), approves=("finance_approver",)),),
        urls="",
        tags={"deals": "What a buyer takes of an offer: money waits in escrow under a policy."},
        books={Books.PAYMENTS: ("Deal",)},
        endings=(
            Ending(
                "Prescription",
                "valid_until",
                28,
                "prescriptions that nobody used",
                "ordonnances non utilisées",
                "未使用的处方",
                where={"used_by__isnull": True},
            ),
            Ending(
                "ParcelEvent",
                "received_at",
                28,
                "a carrier's word about a parcel that we do not know",
                "avis d’un transporteur sur un colis inconnu",
                "无对应包裹的物流消息",
                where={"parcel__isnull": True},
            ),
        ),
    )
