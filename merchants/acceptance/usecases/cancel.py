"""Cancel a trade whose outcome the merchant does not know."""

from config.kernel import clock
from merchants.acceptance import queries, rules
from merchants.acceptance.models import Order
from merchants.exposure.usecases.cover_refund import cover_refund
from merchants.onboarding.values import AppCredentials
from wallet import public as wallet


def cancel_trade(
    *, seller: AppCredentials, number: str = "", reference: str = ""
) -> wallet.CancelOutcome | None:
    """Undo a trade whose outcome the merchant does not know: close it, or give back.

    Cancelling again changes nothing. Where there is no trade there is nothing to undo and
    the answer is None; an order that still waits to be scanned is withdrawn, so that
    nobody pays it later.

    Args:
        seller: who asks.
        number: our 28-digit number; decides where both are given.
        reference: the merchant's own number.

    Raises:
        wallet.CancelNotAllowed: part of it has been refunded.
        rules.CancelTooLate: it was paid, and is older than a day; a refund is the way then.
        wallet.PaymentFinished: the time for refunds is over.
        wallet.PayeeFundsShort: see `cover_refund`.
    """
    _withdraw_order(seller, reference)
    try:
        trade = queries.trade(merchant_id=seller.merchant_id, number=number, reference=reference)
    except rules.TradeNotFound:
        return None
    if trade.status is wallet.PaymentStatus.PAID:
        rules.check_cancel(trade.created_at, now=clock.now())
    return wallet.cancel_payment(
        payment_id=trade.id,
        cover=cover_refund,
    )


def _withdraw_order(seller: AppCredentials, reference: str) -> None:
    rows = Order.objects.filter(
        merchant_id=seller.merchant_id,
        reference=reference,
        scanned_by__isnull=True,
        closed_at__isnull=True,
    )
    rows.update(closed_at=clock.now())
