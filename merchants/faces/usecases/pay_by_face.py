"""Take a payment from a person whom a terminal has recognised."""

from django.conf import settings

from config.kernel import clock, transactions
from merchants.acceptance.usecases.judge_sale import judge_sale
from merchants.acceptance.usecases.pay_into_escrow import pay_request
from merchants.acceptance.values import Sale
from merchants.faces.usecases.claim_token import claim_token
from merchants.faces.values import Claimed
from wallet import public as wallet


def pay_by_face(*, sale: Sale, token: str, buyer: str = "") -> wallet.PayOutcome:
    """Ask the person behind a face token for money.

    Above the limit for faces, or where the terminal was not quite sure, or where the wallet
    asks for the PIN, the payment waits for the person's wallet. The same sale again is
    told that it is paid. Money moves in a transaction of its own: a refusal
    leaves an unpaid payment, which the same order with another token pays.

    Args:
        sale: what is sold; its reference is the key of the trade.
        token: what the terminal gave for the person, `fp…`.
        buyer: the payer's public number, where the merchant names it.

    Raises:
        the refusals of `judge_sale` and of `claim_token`.
        wallet.PayerMismatch, wallet.PaymentConflict, wallet.PaymentAlreadyPaid,
        wallet.PaymentClosed, wallet.InsufficientFunds and the other refusals of the wallet.
    """
    judge_sale(sale, now=clock.now())
    claimed, created = _make(sale, token, buyer)
    payment = created.payment
    if claimed.on_phone or sale.amount_minor > settings.SAOMA_FACE_LIMIT_MINOR:
        return wallet.PayOutcome(payment, wallet.PayResult.AWAITING_PAYER)
    try:
        return wallet.confirm_payment(payment_id=payment.id, payer_id=claimed.user_id)
    except wallet.PinRequired:
        return wallet.PayOutcome(payment, wallet.PayResult.AWAITING_PAYER)


@transactions.atomic_retry
def _make(sale: Sale, token: str, buyer: str) -> tuple[Claimed, wallet.CreateOutcome]:
    """Use the token and make the payment, both or neither."""
    claimed = claim_token(
        token=token, merchant_id=sale.seller.merchant_id, reference=sale.reference
    )
    if buyer and buyer != wallet.user(claimed.user_id).user_number:
        raise wallet.PayerMismatch(field="buyer_id")
    request = pay_request(sale, now=clock.now())
    created = wallet.create_payment(request=request, payer_id=claimed.user_id)
    return claimed, created
