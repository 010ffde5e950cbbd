"""Pay by code statement by statement: on any database, and for every uncommon case.

The common case on PostgreSQL is one function call (`pay_in_one_call`); one test suite
holds the two together.
"""

import uuid

from django.db import transaction

from config.kernel import transactions
from config.kernel.errors import required
from config.kernel.outbox import writes as outbox
from wallet.accounts import queries as accounts
from wallet.accounts.models import WalletUser
from wallet.ledger.rules import InsufficientFunds
from wallet.payments import queries, rules
from wallet.payments.models import Payment, PaymentCode
from wallet.payments.queries.payment_context import PaymentContext
from wallet.payments.rules import PayerAuth
from wallet.payments.usecases.assess_payment import Assessment
from wallet.payments.usecases.charge_payer import charge_payer, check_payer, movement_of
from wallet.payments.usecases.check_code import spend_code
from wallet.payments.values import (
    Method,
    NewPaymentIds,
    PaymentStatus,
    PayOutcome,
    PayRequest,
    PayResult,
    PresentedKind,
)
from wallet.risk.usecases.record_verdict import record_verdict
from wallet.risk.values import Stage


class CodeTaken(Exception):
    """Somebody claimed the code between our look and our claim: look again."""


@transactions.atomic_retry
def pay_in_steps(
    *,
    request: PayRequest,
    facts: PaymentContext,
    assessment: Assessment,
    prepared: NewPaymentIds,
    known_payment_id: uuid.UUID | None = None,
    from_sources: bool = False,
) -> PayOutcome:
    """Claim the code, then take the money or leave the payment to the payer's PIN.

    Args:
        request: what the payee asks for.
        facts: what the look-up found; the code has been checked.
        assessment: whether the PIN is needed.
        prepared: names and dates for a new payment.
        known_payment_id: an unpaid payment of the same order to be paid; None for a new one.
        from_sources: whether the payer's savings and pay-later line are asked, too.

    Raises:
        CodeTaken: the code is no longer free.
        IntegrityError: the order number was taken in this very moment.
        whatever `charge_payer` raises; nothing is written then, the claim included.

    Locks: the code, the payment, then as `charge_payer`.
    """
    with transaction.atomic():
        if not (from_sources and _claim_again(facts, request)):
            _claim(facts, request)
        payer = accounts.user(required(facts.user_id, "a checked code has an owner"))
        if known_payment_id is None:
            payment = new_payment(request, prepared, method=Method.CODE)
        else:
            payment = queries.locked_payment(known_payment_id)
            _check_payable(payment, payer, request)
        payment.code_id, payment.device_id = facts.code_id, facts.device_id
        if assessment.needs_pin:
            _await_payer(payment, payer, assessment)
            result = PayResult.AWAITING_PAYER
        else:
            charge_payer(
                payment=payment,
                payer=payer,
                auth=PayerAuth(with_pin=False, offline=assessment.offline),
                at=request.at,
                verdict=assessment.verdict,
                features=assessment.features,
                from_sources=from_sources,
            )
            result = PayResult.PAID
        payment.save(force_insert=known_payment_id is None)
    return PayOutcome(queries.view(payment, payer), result)


def new_payment(request: PayRequest, prepared: NewPaymentIds, *, method: Method) -> Payment:
    """Make an unpaid payment, not saved yet.

    Raises:
        TextInvalid: the details cannot be stored.
    """
    rules.details_text(request.details)
    return Payment(
        id=prepared.payment_id,
        number=prepared.number,
        status=PaymentStatus.PENDING,
        method=method,
        presented=PresentedKind.DYNAMIC,
        payee_id=request.payee_id,
        payee_kind=request.payee_kind,
        payee_account_id=request.payee_account_id,
        payee_owner_id=request.payee_owner_id,
        payee_name=request.payee_name,
        payee_zone=request.payee_zone,
        payee_cutoff_hour=request.payee_cutoff_hour,
        reference=request.reference,
        description=request.description,
        amount_minor=request.amount_minor,
        currency=request.currency,
        created_at=request.at,
        expires_at=request.expires_at,
        details=dict(request.details),
        unit=prepared.unit,
    )


def _claim(facts: PaymentContext, request: PayRequest) -> None:
    claimed = spend_code(
        code_id=required(facts.code_id, "a checked code has an id"),
        payee_id=request.payee_id,
        reference=request.reference,
        refusal="",
        at=request.at,
    )
    if not claimed:
        raise CodeTaken


def _claim_again(facts: PaymentContext, request: PayRequest) -> bool:
    """Take up the claim that `pay_in_one_call` left for this very request, marked refused."""
    refused = PaymentCode.objects.filter(
        id=required(facts.code_id, "what was claimed is a code"),
        claim_payee_id=request.payee_id,
        claim_reference=request.reference,
        claimed_at=request.at,
        refusal=InsufficientFunds.code,
    )
    return refused.update(refusal="") == 1


def _check_payable(payment: Payment, payer: WalletUser, request: PayRequest) -> None:
    """An order made beforehand is paid by whom it was made for, once, and in time."""
    rules.check_move(PaymentStatus(payment.status), PaymentStatus.PAID)
    if request.at >= payment.expires_at:
        raise rules.PaymentClosed(status="EXPIRED")
    if payment.payer_id not in {None, payer.id}:
        raise rules.PayerMismatch(payment_id=str(payment.id))


def _await_payer(payment: Payment, payer: WalletUser, assessment: Assessment) -> None:
    """Leave the payment to the payer, who is told by `payment.created`."""
    check_payer(payment=payment, payer=payer)
    payment.payer_id, payment.needs_pin = payer.id, True
    verdict = assessment.verdict
    if verdict.reasons:
        record_verdict(
            subject=movement_of(payment, payer.id),
            verdict=verdict,
            stage=Stage.INLINE,
            features=assessment.features,
            decided_at=payment.created_at,
        )
    outbox.add(
        topic="payment.created",
        aggregate_id=payment.id,
        payload={
            "payment_id": str(payment.id),
            "payer_id": str(payer.id),
            "payee_id": str(payment.payee_id),
            "amount_minor": payment.amount_minor,
            "currency": payment.currency,
            "needs_pin": True,
        },
    )
