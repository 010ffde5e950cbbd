"""Close an unpaid payment."""

import uuid
from datetime import datetime

from config.kernel import clock, transactions
from config.kernel.audit import chain as audit
from config.kernel.outbox import writes as outbox
from wallet.payments import queries, rules
from wallet.payments.models import Payment
from wallet.payments.values import (
    CancelAction,
    CancelOutcome,
    CloseReason,
    PaymentStatus,
)


@transactions.atomic_retry
def close_payment(*, payment_id: uuid.UUID) -> CancelOutcome:
    """Close an unpaid payment at the payee's wish; closing it again changes nothing.

    Raises:
        PaymentUnknown: there is no such payment.
        PaymentAlreadyPaid, PaymentFinished: it has been paid; refund or cancel it instead.

    Locks: the payment.
    """
    return _close(queries.locked_payment(payment_id), CloseReason.CLOSED_BY_PAYEE)


@transactions.atomic_retry
def close_stuck_payment(*, payment_id: uuid.UUID, actor: str, reason: str) -> CancelOutcome:
    """Close an unpaid payment on an operator's word, which the audit log keeps.

    Raises:
        PaymentUnknown: there is no such payment.
        PaymentAlreadyPaid, PaymentFinished: it has been paid; a refund is asked for.

    Locks: the payment, then the audit chain.
    """
    payment = queries.locked_payment(payment_id)
    before = payment.status
    outcome = _close(payment, CloseReason.CLOSED_BY_PAYEE)
    audit.record(
        action="payments.close",
        actor=actor,
        target=f"payment:{payment.number}",
        purpose=reason,
        before={"status": before},
        after={"status": payment.status},
    )
    return outcome


@transactions.atomic_retry
def refuse_payment(*, payment_id: uuid.UUID, payer_id: uuid.UUID) -> CancelOutcome:
    """Close an unpaid payment at the payer's wish; refusing it again changes nothing.

    Raises:
        PaymentUnknown: there is no such payment, or it is not this payer's.
        PaymentAlreadyPaid, PaymentFinished: it has been paid.

    Locks: the payment.
    """
    payment = queries.locked_payment(payment_id)
    if payment.payer_id != payer_id:
        raise rules.PaymentUnknown()
    return _close(payment, CloseReason.REFUSED_BY_PAYER)


def mark_closed(payment: Payment, *, reason: CloseReason, at: datetime) -> None:
    """Set a locked payment CLOSED, save it and tell of it (`payment.closed`).

    Raises:
        PaymentClosed, PaymentFinished: its status does not allow it.
    """
    rules.check_move(PaymentStatus(payment.status), PaymentStatus.CLOSED)
    payment.status, payment.closed_at, payment.close_reason = PaymentStatus.CLOSED, at, reason
    payment.save(update_fields=["status", "closed_at", "close_reason", "refunded_minor"])
    outbox.add(
        topic="payment.closed",
        aggregate_id=payment.id,
        payload={
            "payment_id": str(payment.id),
            "payer_id": str(payment.payer_id) if payment.payer_id else None,
            "payee_id": str(payment.payee_id),
            "amount_minor": payment.amount_minor,
            "currency": payment.currency,
            "reason": reason.value,
        },
    )


def _close(payment: Payment, reason: CloseReason) -> CancelOutcome:
    if payment.status == PaymentStatus.CLOSED:
        return CancelOutcome(queries.view(payment), CancelAction.NONE, changed=False)
    if payment.status == PaymentStatus.PAID:
        raise rules.PaymentAlreadyPaid(payment_id=str(payment.id))
    mark_closed(payment, reason=reason, at=clock.now())
    return CancelOutcome(queries.view(payment), CancelAction.CLOSE, changed=True)
