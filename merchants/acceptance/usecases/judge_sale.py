"""Judge a sale before anything is done for it."""

from datetime import datetime

from config.kernel.errors import SaomaError
from merchants.acceptance import rules
from merchants.acceptance.values import Sale
from wallet import public as wallet


def judge_sale(sale: Sale, *, now: datetime) -> None:
    """Check what is sold, and that its seller may sell it now.

    Who may sell, where and until when is no matter to the repeat of a sale that has been
    paid: the first answer may have been lost, and it is given again.

    Raises:
        the refusals of `rules.check_sale` and, of a sale that is new or not paid,
        `rules.check_standing`.
    """
    rules.check_sale(sale)
    try:
        rules.check_standing(sale, now=now)
    except SaomaError:
        if not _is_paid(sale):
            raise


def _is_paid(sale: Sale) -> bool:
    trade = wallet.payment_by_reference(payee_id=sale.seller.merchant_id, reference=sale.reference)
    return trade is not None and trade.status is not wallet.PaymentStatus.PENDING
