"""Registers the funds slice with Django."""

from django.apps import AppConfig

from config.kernel.slices import MONEY, Area, Books, Slice, Table


class FundsConfig(AppConfig):
    """Merchants' balances and what is sent from them."""

    name = "merchants.funds"
    label = "funds"
    slice = Slice(
        tables=(
            Table(Area.SETTLEMENT, "Transfers", "send_money", "MerchantTransfer"),
            Table(Area.SETTLEMENT, "Batches of transfers", "stacked_email", "TransferBatch"),
            Table(Area.SETTLEMENT, "Balance top-ups", "savings", "BalanceTopup"),
        ),
        viewers=MONEY,
        urls="",
        books={Books.PAYMENTS: ("MerchantTransfer", "BatchLine")},
    )
