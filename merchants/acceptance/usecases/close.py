"""Close an unpaid trade."""

from merchants.acceptance import queries
from merchants.onboarding.values import AppCredentials
from wallet import public as wallet


def close_trade(
    *, seller: AppCredentials, number: str = "", reference: str = ""
) -> wallet.PaymentView:
    """Close an unpaid trade; closing again changes nothing.

    Raises:
        rules.TradeNotFound: there is none (an order nobody scanned is none).
        wallet.PaymentAlreadyPaid, wallet.PaymentFinished: it has been paid.
        wallet.PaymentClosed: it was paid, and all of it has gone back.
    """
    trade = queries.trade(merchant_id=seller.merchant_id, number=number, reference=reference)
    closed = wallet.close_payment(payment_id=trade.id).payment
    if closed.paid_at is not None:
        raise wallet.PaymentClosed(status=closed.status.value)
    return closed
