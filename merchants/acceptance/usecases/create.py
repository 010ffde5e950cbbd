"""Make a trade for a buyer whom the merchant knows."""

import uuid

from config.kernel import clock
from merchants.acceptance.usecases.judge_sale import judge_sale
from merchants.acceptance.usecases.pay_into_escrow import pay_request
from merchants.acceptance.values import Sale
from wallet import public as wallet


def create_order(*, sale: Sale, payer_id: uuid.UUID) -> wallet.CreateOutcome:
    """Make a trade that waits for one payer's confirmation; the same again is the same.

    Args:
        sale: what is sold; its reference is the key of the trade.
        payer_id: the wallet user who is to pay.

    Raises:
        the refusals of `judge_sale`.
        wallet.PayerMismatch: the reference is another payer's trade.
        wallet.PaymentConflict, wallet.PaymentAlreadyPaid, wallet.PaymentClosed: the
        reference is another trade, or one that has ended.
    """
    now = clock.now()
    judge_sale(sale, now=now)
    return wallet.create_payment(request=pay_request(sale, now=now), payer_id=payer_id)
