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
    """
    trade = queries.trade(merchant_uuid=seller.merchant_uuid, number=number, reference=reference)
    return wallet.close_payment(payment_id=trade.id).payment
