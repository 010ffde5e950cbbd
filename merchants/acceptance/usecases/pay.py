"""Take a payment with the code that a payer shows."""

from dataclasses import replace

from config.kernel import clock
from merchants.acceptance.usecases.judge_sale import judge_sale
from merchants.acceptance.usecases.pay_into_escrow import pay_request
from merchants.acceptance.values import Sale
from wallet import public as wallet


def pay_by_code(*, sale: Sale, code: str, buyer: str = "") -> wallet.PayOutcome:
    """Ask the payer behind a payment code for money, at once.

    This is the hot path: beside the checks of the sale, which read nothing, it is the
    wallet's one call. The same sale with the same code is answered as the first time.

    Args:
        sale: what is sold; its reference is the key of the trade.
        code: the digits that the payer's phone shows.
        buyer: the payer's public number, where the merchant names it.

    Raises:
        rules.MerchantNotActive, rules.PlaceClosed, rules.AmountOutOfRange and the other
        refusals of `judge_sale`.
        wallet.CodeInvalid, wallet.CodeExpired, wallet.CodeUsed, wallet.InsufficientFunds,
        wallet.PaymentConflict, wallet.PaymentAlreadyPaid, wallet.PaymentClosed,
        wallet.PayerMismatch and the other refusals of the wallet.
    """
    now = clock.now()
    judge_sale(sale, now=now)
    request = replace(pay_request(sale, now=now), payer_number=buyer)
    return wallet.pay_by_code(request=request, code=code)
