"""Refund a paid trade, wholly or in part."""

from collections.abc import Mapping

from config.kernel import transactions
from merchants.acceptance import queries, rules
from merchants.exposure.usecases.cover_refund import cover_refund
from merchants.onboarding.values import AppCredentials
from wallet import public as wallet


@transactions.atomic_retry
def refund_trade(
    *,
    seller: AppCredentials,
    amount_minor: int,
    number: str = "",
    reference: str = "",
    request_no: str = "",
    reason: str = "",
    operator: str = "",
) -> wallet.RefundOutcome:
    """Give back all or part of a paid trade, by our number or the merchant's; ours decides.

    Raises:
        rules.TradeNotFound: there is no such trade.
        what `refund_locked_trade` raises.

    Locks: the payment, the merchant, then the ledger accounts.
    """
    return refund_locked_trade(
        trade=queries.locked_trade(
            merchant_id=seller.merchant_id, number=number, reference=reference
        ),
        amount_minor=amount_minor,
        request_no=request_no,
        reason=reason,
        operator=operator,
    )


def refund_locked_trade(
    *,
    trade: wallet.LockedPayment,
    amount_minor: int,
    request_no: str = "",
    reason: str = "",
    operator: str = "",
    details: Mapping[str, object] | None = None,
) -> wallet.RefundOutcome:
    """Give back all or part of a paid trade, to where it came from.

    The merchant's request number is the key: the same number and amount again moves
    nothing (`changed` is False). Suspended merchants may still refund.

    Args:
        trade: the trade, locked by the caller in this transaction.
        amount_minor: what goes back, in minor units of the trade's currency.
        request_no: the merchant's number for this refund; may be left out for a full
            refund only, and is then the trade's reference.
        reason: shown to the payer.
        operator: the merchant's own name for who did it.
        details: kept with the refund unread.

    Raises:
        rules.RefundNumberNeeded: a partial refund without a number.
        wallet.RefundExceedsPaid, wallet.RefundConflict, wallet.PaymentNotPaid,
        wallet.PaymentFinished: the wallet refuses.
        wallet.PayeeFundsShort: see `cover_refund`.

    Locks: the merchant, then the ledger accounts.
    """
    if not request_no and amount_minor != trade.amount_minor:
        raise rules.RefundNumberNeeded(field="request_no")
    return wallet.refund_payment(
        payment_id=trade.id,
        locked=trade,
        request_no=request_no or trade.reference,
        amount_minor=amount_minor,
        reason=reason,
        operator=operator,
        details=details,
        cover=cover_refund,
    )
