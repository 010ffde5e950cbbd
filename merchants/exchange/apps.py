"""Registers the exchange slice with Django."""

from django.apps import AppConfig

from config.kernel.slices import SERVICES, Area, Books, Ending, Slice, Table


class ExchangeConfig(AppConfig):
    """Payments in two currencies."""

    name = "merchants.exchange"
    label = "exchange"
    slice = Slice(
        tables=(
            Table(Area.PAYMENTS, "Payments in other currencies", "currency_exchange", "FxPayment"),
            Table(Area.PAYMENTS, "Quotes", "request_quote", "FxQuote"),
            Table(Area.PAYMENTS, "Currency positions", "currency_yuan", "FxValuation"),
        ),
        viewers=SERVICES,
        urls="",
        tags={"exchange": "Paying in yuan what a merchant gets in another currency."},
        books={Books.SERVICES: ("FxPayment",)},
        endings=(
            Ending(
                "FxQuote",
                "expires_at",
                28,
                "quotes that nobody took",
                "cotations non utilisées",
                "未使用的报价",
                where={"used_at__isnull": True},
            ),
        ),
    )
