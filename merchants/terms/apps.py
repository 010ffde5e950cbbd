"""Registers the terms slice with Django."""

from django.apps import AppConfig

from config.kernel.slices import MONEY, Area, Slice, Table


class TermsConfig(AppConfig):
    """Settlement terms of merchants, as dated data."""

    name = "merchants.terms"
    label = "terms"
    verbose_name = "settlement terms"
    slice = Slice(
        tables=(
            Table(Area.SETTLEMENT, "Fees by method", "sell", "MethodFee"),
            Table(Area.SETTLEMENT, "Payout terms", "event_repeat", "PayoutTermsVersion"),
            Table(Area.SETTLEMENT, "Payout holds", "front_hand", "PayoutHold"),
            Table(
                Area.SETTLEMENT,
                "Bank account changes",
                "account_balance_wallet",
                "BankAccountChange",
            ),
            Table(Area.SETTLEMENT, "Calendar days", "event_busy", "CalendarDay"),
        ),
        viewers=MONEY,
        rights={
            "place_payouthold": ("finance_ops",),
            "view_payouthold": ("risk_analyst", "risk_approver"),
        },
        urls="",
    )
