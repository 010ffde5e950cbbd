"""Questions about quotes, payments in two currencies, and the accounts they meet in."""

import uuid

from django.conf import settings
from django.db.models import F, Sum

from config.kernel.rows import first_or
from merchants.exchange import rules
from merchants.exchange.models import FxPayment, FxQuote
from merchants.exchange.values import LAB_RATES_MICRO
from merchants.onboarding.models import Merchant
from wallet import public as wallet


def rate_micro(currency: str) -> int:
    """Millionths of a yuan for one major unit of a currency now.

    Raises:
        CurrencyNotExchanged: nothing is exchanged into it.
        RateUnavailable: the only rates there are, are the lab's, and this is no lab.
    """
    rules.check_currency(currency)
    if not settings.LAB_MODE:
        raise rules.RateUnavailable()
    return LAB_RATES_MICRO[currency]


def foreign_account_code(merchant: Merchant, currency: str) -> str:
    """The chart's name of what we owe a merchant in a currency that is not its own."""
    return f"merchant:{merchant.id}:pending:{currency}"


def foreign_account(merchant: Merchant, currency: str) -> uuid.UUID:
    """The merchant's ledger account in a currency.

    Raises:
        CurrencyNotExchanged: nothing is exchanged into the currency.
        ForeignAccountMissing: the merchant has opened none.
    """
    rules.check_currency(currency)
    account_id = wallet.account_id(foreign_account_code(merchant, currency))
    if not wallet.is_open(account_id):
        raise rules.ForeignAccountMissing(field="currency")
    return account_id


def position(currency: str) -> uuid.UUID:
    """The platform's position in a currency: what it has yet to deliver or to get for it.

    Debit balance: it owes the market that much of the currency; see `open_foreign_account`.
    """
    return wallet.account_id(f"fx:position:{currency}")


def open_position(currency: str) -> tuple[int, int]:
    """What is not refunded of a currency's payments, in its minor units; the fen paid for it."""
    rows = FxPayment.objects.filter(currency=currency, refunded_minor__lt=F("amount_minor"))
    sums = rows.aggregate(
        open_minor=Sum(F("amount_minor") - F("refunded_minor"), default=0),
        taken_minor=Sum(F("paid_minor") - F("returned_minor"), default=0),
    )
    return sums["open_minor"], sums["taken_minor"]


def locked_quote(quote_id: uuid.UUID, *, payer_id: uuid.UUID) -> FxQuote:
    """A payer's quote, locked.

    Raises:
        QuoteUnknown: there is none, or it is somebody else's.
    """
    rows = FxQuote.objects.select_for_update(of=("self",)).select_related("merchant")
    return first_or(rows.filter(id=quote_id, payer_id=payer_id), rules.QuoteUnknown())


def payment_of_quote(quote_id: uuid.UUID, *, payer_id: uuid.UUID) -> FxPayment | None:
    """What a payer's quote was taken for, if it was."""
    rows = FxPayment.objects.filter(quote_id=quote_id, payer_id=payer_id)
    return rows.select_related("quote", "merchant").first()


def payment_of_order(merchant: Merchant, reference: str) -> FxPayment:
    """The payment of one of a merchant's orders.

    Raises:
        ExchangeUnknown: it has not been paid.
    """
    rows = FxPayment.objects.filter(merchant=merchant, reference=reference)
    return first_or(rows.select_related("quote", "merchant"), rules.ExchangeUnknown())


def locked_payment(payment_id: uuid.UUID) -> FxPayment:
    """A payment, locked."""
    rows = FxPayment.objects.select_for_update(of=("self",)).select_related("quote", "merchant")
    return rows.get(id=payment_id)
