"""Make an order for money: a payment that waits for its payer."""

import uuid

from django.conf import settings
from django.db.models import QuerySet

from config.kernel import clock, transactions
from config.kernel.outbox import writes as outbox
from config.kernel.transactions import KeyTaken
from wallet.accounts import queries as accounts
from wallet.payments import queries, rules
from wallet.payments.models import Payment
from wallet.payments.usecases.build_payment import build_payment
from wallet.payments.usecases.charge_payer import check_payer
from wallet.payments.usecases.remind_payers import remind_payer
from wallet.payments.values import (
    CreateOutcome,
    Method,
    PaymentStatus,
    PayRequest,
    PresentedKind,
)


@transactions.atomic_retry
def create_payment(
    *,
    request: PayRequest,
    payer_id: uuid.UUID | None = None,
    method: Method = Method.ORDER,
    presented: PresentedKind = PresentedKind.DYNAMIC,
) -> CreateOutcome:
    """Make an unpaid payment, for a payer who is known or for whoever comes first.

    The same order again gives the same payment; naming the payer then binds an order
    that had none (the first to scan has it).

    Args:
        request: what the payee asks for.
        payer_id: wallet user the order is for, or None.
        method: ORDER, or SCAN where the payer scanned the payee's code.
        presented: STATIC for a printed code without amount; its daily limit is lower.

    Raises:
        AmountOutOfRange, CurrencyUnsupported, ReferenceInvalid, TextInvalid: an input is
            wrong.
        PaymentConflict: the order number belongs to a payment of other content.
        PaymentAlreadyPaid, PaymentClosed: the order is over.
        PayerMismatch: the order is for another payer.
        PayeeIsPayer, AccountFrozen, AccountClosed: this payer cannot pay it.
        UserUnknown: there is no such payer.

    Locks: the payment, if it is there already.
    """
    rules.check_request(request)
    payment = build_payment(
        request,
        at=clock.now(),
        method=method,
        payer_id=payer_id,
        presented=presented,
        needs_pin=request.amount_minor > settings.SAOMA_NO_PIN_LIMIT_MINOR,
    )
    earlier = _stored_before(payment)
    if earlier is not None:
        return _again(earlier, payment)
    remind_payer(payment)
    announce(payment)
    return CreateOutcome(queries.view(payment), created=True)


def _same_order(payment: Payment) -> QuerySet[Payment]:
    """The payment that has this order number, to be locked."""
    rows = Payment.objects.select_for_update()
    return rows.filter(payee_id=payment.payee_id, reference=payment.reference)


def _stored_before(payment: Payment) -> Payment | None:
    """Store the payment; where its order number is taken, give the one that has it, locked.

    Whether the payer may pay is asked where this payer has not been bound to it before.
    """
    earlier = _same_order(payment).first()
    if payment.payer_id is not None and (earlier is None or earlier.payer_id != payment.payer_id):
        check_payer(payment=payment, payer=accounts.user(payment.payer_id))
    if earlier is not None:
        return earlier
    try:
        transactions.insert(payment)
    except KeyTaken:
        return _same_order(payment).get()
    return None


def _again(earlier: Payment, payment: Payment) -> CreateOutcome:
    """Answer a repeated order with its payment, bound to the payer if it had none."""
    _check_same(earlier, payment)
    if earlier.payer_id is None and payment.payer_id is not None:
        earlier.payer_id = payment.payer_id
        earlier.save(update_fields=["payer_id"])
        remind_payer(earlier)
    return CreateOutcome(queries.view(earlier), created=False)


def _check_same(earlier: Payment, payment: Payment) -> None:
    status = PaymentStatus(earlier.status)
    rules.check_same_order(queries.order_of(earlier), queries.order_of(payment), status=status)
    if status is PaymentStatus.CLOSED:
        raise rules.PaymentClosed(payment_id=str(earlier.id))
    if status is not PaymentStatus.PENDING:
        raise rules.PaymentAlreadyPaid(payment_id=str(earlier.id))
    if payment.payer_id is not None and earlier.payer_id not in {None, payment.payer_id}:
        raise rules.PayerMismatch(payment_id=str(earlier.id))


def announce(payment: Payment) -> None:
    """Tell of a payment that waits for its payer (`payment.created`)."""
    outbox.add(
        topic="payment.created",
        aggregate_id=payment.id,
        payload={
            "payment_id": str(payment.id),
            "payer_id": str(payment.payer_id) if payment.payer_id else None,
            "payee_id": str(payment.payee_id),
            "amount_minor": payment.amount_minor,
            "currency": payment.currency,
            "needs_pin": payment.needs_pin,
        },
    )
