"""Rules of exchange: what an amount costs in yuan, and what of it goes back. Pure.

Amounts are whole minor units of their own currency: yen has no decimals, dinar three.
"""

from datetime import datetime

from config.kernel.errors import (
    Conflict,
    Gone,
    InvalidRequest,
    NotFound,
    Refused,
    Unavailable,
    invariant,
)
from merchants.exchange.values import LAB_RATES_MICRO, MICRO, PAID_IN, QuoteState
from wallet.money import BPS_PER_WHOLE, exponent, share

AMOUNT_MAXIMUM = 10**10


class CurrencyNotExchanged(Refused):
    """Nothing is exchanged into this currency, or there is no such currency."""

    code = "currency_not_exchanged"
    message = "Nothing is exchanged into this currency."


class RateUnavailable(Unavailable):
    """No source of rates is connected."""

    code = "rate_unavailable"
    message = "No exchange rate is available now."


class ForeignAccountMissing(Refused):
    """The merchant takes no money in this currency."""

    code = "foreign_account_missing"
    message = "This merchant has no account in this currency."


class ExchangeAmountInvalid(Refused):
    """The amount is no positive amount within bounds, or is worth less than a fen."""

    code = "exchange_amount_invalid"
    message = "The amount is too small or too large to be exchanged."


class QuoteUnknown(NotFound):
    """There is no such quote of this payer."""

    code = "quote_not_found"
    message = "There is no such quote."


class QuoteExpired(Gone):
    """The quote's minutes are over."""

    code = "quote_expired"
    message = "This quote has expired; ask for another."


class QuoteUsed(Conflict):
    """A payment was made with the quote."""

    code = "quote_used"
    message = "This quote has been used."


class QuoteChanged(Conflict):
    """What is to be paid is not what was quoted."""

    code = "quote_changed"
    message = "The amount is not the one that was quoted."


class OrderTaken(Conflict):
    """The merchant's order number has been paid or quoted otherwise."""

    code = "exchange_order_taken"
    message = "This order number has been paid."


class ExchangeUnknown(NotFound):
    """There is no such payment."""

    code = "exchange_not_found"
    message = "There is no such payment."


class ExchangeCurrencyMismatch(InvalidRequest):
    """The refund names another currency than the payment has."""

    code = "exchange_currency_mismatch"
    message = "The payment is in another currency."


class PayoutUnsupported(Refused):
    """No bank pays out in this currency: the money stays in the merchant's account."""

    code = "payout_currency_unsupported"
    message = "Payouts are made in CNY only."


def check_currency(currency: str) -> None:
    """Check that something is exchanged into a currency.

    Raises:
        CurrencyNotExchanged: it is unknown, has no rate or is what payers pay in.
    """
    if currency not in LAB_RATES_MICRO:
        raise CurrencyNotExchanged(field="currency", currencies=sorted(LAB_RATES_MICRO))


def price_minor(amount_minor: int, currency: str, *, rate_micro: int, markup_bps: int) -> int:
    """What an amount costs in fen with the mark-up, rounded once, half up.

    Args:
        amount_minor: in minor units of `currency`.
        currency: what is bought.
        rate_micro: millionths of a yuan for one major unit.
        markup_bps: our mark-up in basis points.

    Raises:
        ExchangeAmountInvalid: the amount is out of range or costs less than a fen.
    """
    if not 0 < amount_minor <= AMOUNT_MAXIMUM:
        raise ExchangeAmountInvalid(field="amount")
    priced_minor = worth_minor(amount_minor, currency, rate_micro=rate_micro, markup_bps=markup_bps)
    if priced_minor < 1:
        raise ExchangeAmountInvalid(field="amount")
    return priced_minor


def worth_minor(amount_minor: int, currency: str, *, rate_micro: int, markup_bps: int = 0) -> int:
    """What an amount of a currency is worth in fen, rounded once, half up."""
    exact = amount_minor * rate_micro * (BPS_PER_WHOLE + markup_bps) * _units(PAID_IN)
    unit = MICRO * BPS_PER_WHOLE * _units(currency)
    return (2 * exact + unit) // (2 * unit)


def _units(currency: str) -> int:
    """How many minor units a major one has."""
    return int(10 ** exponent(currency))


def returned_minor(
    refund_minor: int, *, amount_minor: int, refunded_minor: int, paid_minor: int
) -> int:
    """What of the yuan paid a refund gives back: the original rate, to the fen in the end.

    What has gone back in all is the largest-remainder share of what was paid, so parts add
    up to it exactly whatever their sizes. A part worth less than a fen may give nothing.

    Args:
        refund_minor: this refund, in the merchant's currency; within what is left.
        amount_minor: what the merchant got.
        refunded_minor: what of that was refunded before.
        paid_minor: what the payer paid, in fen.
    """
    after_minor = refunded_minor + refund_minor
    invariant(refund_minor > 0 and after_minor <= amount_minor, "a refund is within what was paid")
    before, after = (
        share(paid_minor, [part, amount_minor - part])[0] for part in (refunded_minor, after_minor)
    )
    return after - before


def state_of(*, used: bool, expires_at: datetime, at: datetime) -> QuoteState:
    """Where a quote stands at a moment."""
    if used:
        return QuoteState.USED
    return QuoteState.EXPIRED if at >= expires_at else QuoteState.OPEN


def rate_text(rate_micro: int) -> str:
    """A rate as decimal text: yuan for one major unit, six decimals."""
    return f"{rate_micro // MICRO}.{rate_micro % MICRO:06d}"
