"""Registers the disputes slice with Django."""

from django.apps import AppConfig

from config.kernel.slices import MONEY, Area, Books, FourEyes, Slice, Table


class DisputesConfig(AppConfig):
    """Disputes about paid trades."""

    name = "merchants.disputes"
    label = "disputes"
    slice = Slice(
        tables=(Table(Area.SETTLEMENT, "Disputes", "balance", "Dispute"),),
        viewers=(*MONEY, "support"),
        four_eyes=(
            FourEyes(("disputes.*",), asks=("payments_ops",), approves=("finance_approver",)),
        ),
        urls="",
        tags={"disputes": "What a buyer contests: evidence, deadlines, who has the money."},
        enum_names={"DisputeState": "values.DisputeState", "DisputeReason": "values.DisputeReason"},
        books={Books.PAYMENTS: ("Dispute",)},
    )
