"""Registers the payouts slice with Django."""

from django.apps import AppConfig

from config.kernel.slices import MONEY, Area, Books, FourEyes, Slice, Table


class PayoutsConfig(AppConfig):
    """The bank transfers of settled batches."""

    name = "merchants.payouts"
    label = "payouts"
    slice = Slice(
        tables=(
            Table(Area.SETTLEMENT, "Payouts", "account_balance", "Payout", searched=True),
            Table(Area.SETTLEMENT, "Payout cases", "quick_reference_all", "PayoutCase"),
        ),
        viewers=MONEY,
        rights={"change_payout": ("finance_ops",)},
        four_eyes=(
            FourEyes(("payouts.*",), asks=("finance_ops",), approves=("finance_approver",)),
        ),
        urls="",
        books={Books.PAYMENTS: ("Payout",)},
    )
