"""Registers the funding slice with Django."""

from django.apps import AppConfig

from config.kernel.slices import SERVICES, Area, Books, Ending, Slice, Table


class FundingConfig(AppConfig):
    """Savings, pay-later, and the payer's order of both."""

    name = "wallet.funding"
    label = "funding"
    slice = Slice(
        tables=(
            Table(Area.WALLETS, "Savings", "savings", "SavingsOrder"),
            Table(Area.WALLETS, "Pay-later lines", "credit_card_clock", "CreditLine"),
        ),
        viewers=SERVICES,
        urls="api/v1/",
        tags={"funding": "Savings, pay-later, and what pays where a balance falls short."},
        enum_names={"FundingSource": "rules.SOURCES", "CreditBillState": "values.BillState"},
        books={Books.SERVICES: ("Savings", "SavingsOrder", "CreditLine", "FundingOrder")},
        endings=(
            Ending(
                "MarketingConsent",
                "withdrawn_at",
                1095,
                "a consent to offers that you took back",
                "un consentement aux offres que vous avez retiré",
                "已撤回的营销同意",
                where={"withdrawn_at__isnull": False},
            ),
        ),
    )
