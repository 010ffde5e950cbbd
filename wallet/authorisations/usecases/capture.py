"""Capture: take a payment out of an authorisation, without its payer."""

import uuid
from datetime import datetime

from config.kernel import clock, transactions
from config.kernel.errors import required
from wallet.accounts import queries as accounts
from wallet.accounts.models import WalletUser
from wallet.authorisations import queries, rules
from wallet.authorisations.models import Authorisation
from wallet.authorisations.usecases.end_authorisation import end_if_empty
from wallet.authorisations.usecases.open_hold import new_operation
from wallet.authorisations.usecases.pay_guaranteed import (
    agreed_beforehand,
    guaranteed_lines,
    ordered_payment,
)
from wallet.authorisations.usecases.release import release_reserved
from wallet.authorisations.usecases.release_funds import release
from wallet.authorisations.values import (
    AuthorisationStatus,
    EndReason,
    OperationKind,
    Split,
)
from wallet.payments import queries as payments
from wallet.payments import rules as payment_rules
from wallet.payments.models import Payment
from wallet.payments.rules import PayerAuth
from wallet.payments.usecases.charge_payer import charge_payer
from wallet.payments.values import PayOutcome, PayRequest, PayResult


@transactions.atomic_retry
def capture_authorisation(
    *, authorisation_id: uuid.UUID, request: PayRequest, complete: bool
) -> PayOutcome:
    """Pay the payee out of what a payer has authorised, all or part of it.

    What was set aside is used first. For the vouched part the payer's available balance
    is asked; where it has too little the payee is paid all the same, and the payer owes
    us the rest (`asset:arrears:{payer}`). The same order number gives the first payment
    again (REPLAYED).

    Args:
        authorisation_id: the authorisation.
        request: the payment.
        complete: give back what is left after it.

    Raises:
        AuthorisationUnknown: there is no such authorisation.
        AuthorisationNotGiven, AuthorisationFinished, AuthorisationClosed: nothing can be
            captured.
        AuthorisationExceeded: there is less left.
        PaymentConflict, PaymentAlreadyPaid, PaymentClosed, PayerMismatch: the order
            number is another payment's.
        AccountFrozen, AccountClosed, KycLimit: the payer's wallet may not pay now.

    Locks: the authorisation, the payment, the payer's ledger account and holds, then the
    memo account, limit usage and activity.
    """
    row = queries.locked(authorisation_id)
    operation = row.operations.filter(kind=OperationKind.PAY, request_no=request.reference).first()
    if operation is not None:
        return _again(required(operation.payment_id, "a capture has its payment"), request)
    at = clock.now()
    rules.check_open(AuthorisationStatus(row.status))
    if row.expires_at is not None and row.expires_at <= at:
        raise rules.AuthorisationClosed()
    split = rules.take(
        request.amount_minor, held_minor=row.held_minor, waived_minor=row.waived_minor
    )
    payer = accounts.user(required(row.payer_id, "what is frozen has a payer"))
    payment = ordered_payment(request, payer)
    _pay(row, payer, payment, split, at)
    if complete and (row.held_minor or row.waived_minor):
        release(
            row,
            split=Split(row.held_minor, row.waived_minor),
            request_no=rules.COMPLETE + payment.number,
            reason=EndReason.RELEASED,
            at=at,
        )
    return PayOutcome(payments.view(payment, payer), PayResult.PAID)


def _again(payment_id: uuid.UUID, request: PayRequest) -> PayOutcome:
    first = payments.payment(payment_id)
    payment_rules.check_same_order(first.order, request.order, status=first.status)
    return PayOutcome(first, PayResult.REPLAYED)


def _pay(
    row: Authorisation, payer: WalletUser, payment: Payment, split: Split, at: datetime
) -> None:
    """Move the money, owe what is missing, and keep the capture."""
    operation = new_operation(
        row,
        kind=OperationKind.PAY,
        request_no=payment.reference,
        amount_minor=payment.amount_minor,
        at=at,
    )
    operation.funds_minor, operation.credit_minor = split.funds_minor, split.credit_minor
    operation.payment_id = payment.id
    operation.save(force_insert=True)
    release_reserved(row=row, payer=payer, split=split, key=f"unvouch:{operation.id}", at=at)
    row.captured_minor += payment.amount_minor
    row.captured_funds_minor += split.funds_minor
    debits = guaranteed_lines(payer, payment, at)
    charge_payer(
        payment=payment,
        payer=payer,
        auth=PayerAuth(with_pin=True, agreed=True),
        at=at,
        assessed=agreed_beforehand(),
        debits=debits,
    )
    payment.save()
    end_if_empty(row, reason=EndReason.RELEASED, at=at)
    row.save()
