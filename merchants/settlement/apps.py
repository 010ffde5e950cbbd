"""Registers the settlement slice with Django."""

from django.apps import AppConfig

from config.kernel.slices import MONEY, Area, FourEyes, Slice, Table


class SettlementConfig(AppConfig):
    """The settlement batches."""

    name = "merchants.settlement"
    label = "settlement"
    slice = Slice(
        tables=(
            Table(Area.SETTLEMENT, "Batches", "calendar_month", "SettlementBatch", searched=True),
            Table(Area.SETTLEMENT, "Fee rules", "percent", "FeeRule"),
            Table(Area.SETTLEMENT, "Rolling reserves", "shield", "ReserveHold"),
        ),
        viewers=MONEY,
        rights={"change_settlementbatch": ("finance_ops",)},
        four_eyes=(
            FourEyes(("settlement.*",), asks=("finance_ops",), approves=("finance_approver",)),
        ),
        urls="",
        tags={"settlement": "A merchant's days: cut-off, fees, payouts."},
        enum_names={"SettlementBatchState": "values.BatchState"},
    )
