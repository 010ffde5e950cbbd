"""A payer says that an unpaid payment is not owed; its time stands still until it is decided."""

import uuid

from config.kernel import clock, transactions
from wallet.payments import queries, rules
from wallet.payments.usecases.close_payment import close_payment
from wallet.payments.values import PaymentStatus, PaymentView


def contest_payment(*, payment_id: uuid.UUID, payer_id: uuid.UUID) -> PaymentView:
    """Stop an unpaid payment of a payer's from being paid and from expiring.

    Part of the caller's transaction.

    Raises:
        PaymentUnknown: there is none, or it is not this payer's.
        PaymentAlreadyPaid, PaymentClosed: it is over.
        PaymentContested: it is contested already.

    Locks: the payment.
    """
    transactions.require()
    payment = queries.locked_payment(payment_id)
    if payment.payer_id != payer_id:
        raise rules.PaymentUnknown()
    rules.check_move(PaymentStatus(payment.status), PaymentStatus.PAID)
    rules.check_uncontested(payment.contested_at)
    now = clock.now()
    if now >= payment.expires_at:
        raise rules.PaymentClosed(status="EXPIRED")
    payment.contested_at = now
    payment.save(update_fields=["contested_at"])
    return queries.view(payment)


def end_contest(*, payment_id: uuid.UUID, cancelled: bool) -> None:
    """Decide a contest: the payment is closed, or may be paid for the time that was left.

    Part of the caller's transaction. Again changes nothing.

    Raises:
        PaymentUnknown: there is no such payment.

    Locks: the payment.
    """
    transactions.require()
    payment = queries.locked_payment(payment_id)
    if payment.contested_at is None:
        return
    payment.expires_at += clock.now() - payment.contested_at
    payment.contested_at = None
    payment.save(update_fields=["contested_at", "expires_at"])
    if cancelled:
        close_payment(payment_id=payment_id)
