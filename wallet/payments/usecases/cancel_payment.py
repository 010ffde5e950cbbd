"""Void a payment: close it unpaid, or give all the money back."""

import uuid
from collections.abc import Sequence

from config.kernel import clock, transactions
from wallet.payments import queries, rules
from wallet.payments.usecases.close_payment import mark_closed
from wallet.payments.usecases.refund_payment import refund_payment
from wallet.payments.values import (
    CancelAction,
    CancelOutcome,
    CloseReason,
    Cover,
    PaymentStatus,
)

CANCEL_REQUEST_NO = "cancel"


@transactions.atomic_retry
def cancel_payment(
    *,
    payment_id: uuid.UUID,
    refund_accounts: Sequence[uuid.UUID] | None = None,
    cover: Cover | None = None,
) -> CancelOutcome:
    """Make a payment as if it had not been: what a till does when it is in doubt.

    An unpaid payment is closed, a paid one refunded in full and closed. Cancelling again
    changes nothing and names the action of the first time.

    Args:
        payment_id: the payment.
        refund_accounts, cover: as for `refund_payment`.

    Raises:
        PaymentUnknown: there is no such payment.
        CancelNotAllowed: part of it has been refunded.
        PaymentFinished: the time for refunds is over.
        PayeeFundsShort: the payee's accounts do not cover it.

    Locks: as `refund_payment`.
    """
    payment = queries.locked_payment(payment_id)
    if payment.status == PaymentStatus.CLOSED:
        action = CancelAction.REFUND if payment.paid_at else CancelAction.CLOSE
        return CancelOutcome(queries.view(payment), action, changed=False)
    if payment.status == PaymentStatus.PENDING:
        mark_closed(payment, reason=CloseReason.CANCELLED, at=clock.now())
        return CancelOutcome(queries.view(payment), CancelAction.CLOSE, changed=True)
    if payment.status == PaymentStatus.FINISHED:
        raise rules.PaymentFinished(payment_id=str(payment_id))
    if payment.refunded_minor:
        raise rules.CancelNotAllowed(refunded_minor=payment.refunded_minor)
    outcome = refund_payment(
        payment_id=payment_id,
        locked=payment,
        request_no=CANCEL_REQUEST_NO,
        amount_minor=payment.amount_minor,
        reason="cancelled",
        refund_accounts=refund_accounts,
        cover=cover,
        close_reason=CloseReason.CANCELLED,
    )
    return CancelOutcome(outcome.payment, CancelAction.REFUND, changed=True)
