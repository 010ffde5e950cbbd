"""Take money under an agreement: the payer's consent stands for the PIN."""

import uuid
from datetime import date, datetime
from typing import Protocol

from config.kernel import clock, transactions
from config.kernel.errors import required
from config.kernel.transactions import KeyTaken
from wallet.agreements import queries, rules
from wallet.agreements.models import Agreement, Deduction
from wallet.agreements.usecases.end_deductions import cancel_deductions
from wallet.agreements.usecases.plan_debits import note_next
from wallet.agreements.values import (
    AgreementStatus,
    Debit,
    DeductionOrigin,
    DeductionStatus,
)
from wallet.payments import queries as payments
from wallet.payments.rules import (
    PayerMismatch,
    business_date,
    check_order,
    check_same_order,
)
from wallet.payments.usecases.judge_payment import keeping_verdict
from wallet.payments.usecases.pay_agreed import pay_agreed
from wallet.payments.values import PaymentView, PayOutcome, PayRequest, PayResult


class Guarantee(Protocol):
    """Pays for what was used already: the payer's money first, ours for the rest."""

    def __call__(self, *, payer_id: uuid.UUID, request: PayRequest) -> PayOutcome: ...


def debit_agreement(
    *, debit: Debit, deferred: bool = False, guarantee: Guarantee | None = None
) -> PayOutcome:
    """Debit an agreement's payer for its payee, within the agreed caps and dates.

    The caps are checked and counted in the transaction that moves the money, under the
    agreement's lock. The same order again gives the first payment (REPLAYED). Call it
    outside a transaction, or catch the refusal inside: a verdict against the payment must
    survive it.

    Args:
        debit: what the payee asks for.
        deferred: take it soon, in the background, and try again for a week
            (AWAITING_PAYER); the agreement and its caps are checked now all the same.
        guarantee: pays instead of the payer's wallet alone; it counts like any other debit.

    Raises:
        AmountOutOfRange, ReferenceInvalid, TextInvalid: an input is wrong.
        rules.AgreementUnknown, rules.AgreementNotInForce, rules.AgreementEnded: no debit
            may be taken.
        rules.DateNotMatched, rules.SingleExceeded, rules.TotalExceeded,
        rules.PaymentsExceeded: not this one.
        PaymentConflict: the order number belongs to a payment of other content.
        PayerMismatch: it is another payer's.
        PaymentDeclined: the risk rules refuse it.
        whatever `charge_payer` raises.

    Locks: the agreement, then as `charge_payer`.
    """
    at = clock.now()
    agreement = queries.agreement(debit.agreement_id)
    check_order(
        reference=debit.reference,
        amount_minor=debit.amount_minor,
        currency=agreement.currency,
        description=debit.description,
    )
    with keeping_verdict(at=at):
        return _debit(debit, deferred, guarantee, at)


@transactions.atomic_retry
def _debit(debit: Debit, deferred: bool, guarantee: Guarantee | None, at: datetime) -> PayOutcome:
    agreement = queries.locked_agreement(debit.agreement_id)
    request = payment_request(agreement, debit)
    payment = payments.payment_by_reference(payee_id=agreement.payee_id, reference=debit.reference)
    if payment is not None:
        return _again(agreement, request, payment)
    period_on = check_debitable(agreement, amount_minor=debit.amount_minor, at=at)
    payer_id = required(agreement.payer_id, "a signed agreement has a payer")
    try:
        if guarantee is None:
            outcome = pay_agreed(request=request, payer_id=payer_id, at=at, later=deferred)
        else:
            outcome = guarantee(payer_id=payer_id, request=request)
    except KeyTaken:
        # Another way of paying took the order number in this moment.
        first_payment = payments.payment_by_reference(
            payee_id=agreement.payee_id, reference=debit.reference
        )
        return _again(agreement, request, required(first_payment, "the number is taken"))
    deduction = Deduction(
        agreement=agreement,
        origin=DeductionOrigin.DEFERRED if deferred else DeductionOrigin.PAYEE,
        status=DeductionStatus.PENDING if deferred else DeductionStatus.SUCCEEDED,
        reference=debit.reference,
        description=debit.description,
        amount_minor=debit.amount_minor,
        currency=agreement.currency,
        period_on=period_on,
        attempts=0 if deferred else 1,
        first_due_at=at,
        due_at=at if deferred else None,
        payment_id=outcome.payment.id,
        created_at=at,
        finished_at=None if deferred else at,
    )
    deduction.save(force_insert=True)
    if not deferred:
        count_debit(agreement, amount_minor=debit.amount_minor, period_on=period_on, at=at)
    return outcome


def check_debitable(agreement: Agreement, *, amount_minor: int, at: datetime) -> date | None:
    """Check that a locked agreement allows a debit now; gives the due day it uses up.

    Raises:
        rules.AgreementNotInForce, rules.AgreementEnded, rules.DateNotMatched,
        rules.SingleExceeded, rules.TotalExceeded, rules.PaymentsExceeded: it does not.
    """
    rules.check_status(AgreementStatus(agreement.status))
    if agreement.lapses_at is not None and agreement.lapses_at <= at:
        raise rules.AgreementEnded(status=AgreementStatus.EXPIRED.value)
    return rules.check_debit(
        queries.terms_of(agreement),
        queries.usage_of(agreement),
        amount_minor=amount_minor,
        today=business_date(at, agreement.payee_zone),
    )


def count_debit(
    agreement: Agreement, *, amount_minor: int, period_on: date | None, at: datetime
) -> None:
    """Count money taken under a locked agreement, and go on to the next period."""
    agreement.debits += 1
    agreement.debited_minor += amount_minor
    agreement.last_debit_at = at
    if period_on is not None:
        agreement.next_on = rules.following(queries.terms_of(agreement), period_on)
        cancel_deductions(agreement, at=at, origin=DeductionOrigin.PLAN)
    note_next(agreement)
    agreement.save(
        update_fields=["debits", "debited_minor", "last_debit_at", "next_on", "notice_at"]
    )


def payment_request(agreement: Agreement, debit: Debit) -> PayRequest:
    """What is asked of the payer: the payee's order, with the agreement's payee."""
    return PayRequest(
        payee_id=agreement.payee_id,
        payee_account_id=debit.payee_account_id or agreement.payee_account_id,
        payee_owner_id=agreement.payee_owner_id,
        payee_name=agreement.payee_name,
        payee_zone=agreement.payee_zone,
        payee_since=debit.payee_since,
        reference=debit.reference,
        description=debit.description,
        amount_minor=debit.amount_minor,
        currency=agreement.currency,
        expires_at=debit.expires_at,
        details={**debit.details, "agreement": agreement.number},
        payee_cutoff_hour=agreement.payee_cutoff_hour,
    )


def _again(agreement: Agreement, request: PayRequest, payment: PaymentView) -> PayOutcome:
    """Answer a repeated order number: the first payment, if it is the same one."""
    check_same_order(payment.order, request.order, status=payment.status)
    if payment.payer_id != agreement.payer_id:
        raise PayerMismatch(payment_id=str(payment.id))
    return PayOutcome(payment, PayResult.REPLAYED)
