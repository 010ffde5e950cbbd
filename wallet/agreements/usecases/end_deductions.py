"""Close scheduled deductions that will not be made."""

from datetime import datetime

from config.kernel import transactions
from wallet.agreements import queries
from wallet.agreements.models import Agreement, Deduction
from wallet.agreements.values import DeductionOrigin, DeductionStatus
from wallet.payments import queries as payments
from wallet.payments.usecases.close_payment import mark_closed
from wallet.payments.values import CloseReason, PaymentStatus


def cancel_deductions(
    agreement: Agreement, *, at: datetime, origin: DeductionOrigin | None = None
) -> int:
    """Cancel a locked agreement's open deductions, with the payments that wait for them.

    Returns how many there were.
    """
    transactions.require()
    rows = queries.open_deductions(agreement.id).select_for_update()
    if origin is not None:
        rows = rows.filter(origin=origin)
    deductions = list(rows)
    for deduction in deductions:
        finish_deduction(deduction, DeductionStatus.CANCELLED, at=at)
    return len(deductions)


def finish_deduction(deduction: Deduction, status: DeductionStatus, *, at: datetime) -> None:
    """Set a locked deduction to an end that took nothing; its unpaid payment is closed."""
    deduction.status, deduction.due_at, deduction.finished_at = status, None, at
    deduction.save(update_fields=["status", "due_at", "finished_at", "attempts", "failure"])
    if deduction.payment_id is None:
        return
    payment = payments.locked_payment(deduction.payment_id)
    if payment.status == PaymentStatus.PENDING:
        mark_closed(payment, reason=CloseReason.CANCELLED, at=at)
