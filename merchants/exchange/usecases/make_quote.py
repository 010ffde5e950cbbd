"""Quote what an order costs in yuan."""

import uuid

from config.kernel import clock, transactions
from merchants.acceptance.rules import MerchantNotActive
from merchants.exchange import queries, rules
from merchants.exchange.models import FxPayment, FxQuote
from merchants.exchange.values import MARKUP_BPS, QUOTE_LIFE
from merchants.onboarding.queries import merchant_by_number
from merchants.onboarding.values import MerchantState


@transactions.atomic_retry
def make_quote(
    *, payer_id: uuid.UUID, merchant_number: str, reference: str, amount_minor: int, currency: str
) -> FxQuote:
    """Quote an order's amount in yuan, for ten minutes; no money moves.

    Args:
        payer_id: who will pay; nobody else can take the quote.
        merchant_number: the merchant's public number.
        reference: the merchant's order number.
        amount_minor: what the merchant is to get, in minor units of `currency`.

    Raises:
        CurrencyNotExchanged, RateUnavailable, ForeignAccountMissing: it cannot be exchanged.
        ExchangeAmountInvalid: the amount is out of range.
        MerchantNotFound, MerchantNotActive: there is no such merchant, or not now.
        OrderTaken: the order has been paid.
    """
    rate_micro = queries.rate_micro(currency)
    merchant = merchant_by_number(merchant_number)
    queries.foreign_account(merchant, currency)
    if merchant.state != MerchantState.APPROVED:
        raise MerchantNotActive(state=merchant.state)
    if FxPayment.objects.filter(merchant=merchant, reference=reference).exists():
        raise rules.OrderTaken(field="order_no")
    now = clock.now()
    paid_minor = rules.price_minor(
        amount_minor, currency, rate_micro=rate_micro, markup_bps=MARKUP_BPS
    )
    return FxQuote.objects.create(
        payer_id=payer_id,
        merchant=merchant,
        reference=reference,
        amount_minor=amount_minor,
        currency=currency,
        paid_minor=paid_minor,
        rate_micro=rate_micro,
        markup_bps=MARKUP_BPS,
        created_at=now,
        expires_at=now + QUOTE_LIFE,
    )
