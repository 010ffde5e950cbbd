"""Make the deductions that fall due: those of plans, and those that payees left for later."""

import uuid
from datetime import datetime, timedelta
from typing import Final

from config.kernel import transactions
from config.kernel.errors import SaomaError, required
from config.kernel.outbox import writes as outbox
from config.kernel.transactions import KeyTaken
from wallet.agreements import queries, rules
from wallet.agreements.models import Agreement, Deduction
from wallet.agreements.usecases.debit_agreement import (
    check_debitable,
    count_debit,
    payment_request,
)
from wallet.agreements.usecases.end_deductions import finish_deduction
from wallet.agreements.usecases.suspend_agreement import suspend
from wallet.agreements.values import AgreementStatus, Debit, DeductionOrigin, DeductionStatus, Party
from wallet.payments import queries as payments
from wallet.payments.rules import PaymentConflict
from wallet.payments.usecases.judge_payment import keeping_verdict
from wallet.payments.usecases.pay_agreed import charge_agreed, pay_agreed

BATCH: Final = 200
PLAN_PAYMENT_LIFE: Final = timedelta(days=15)
# Refusals that no other day changes.
FINAL: Final = frozenset(
    {
        "account_closed",
        "agreement_ended",
        "debit_not_due",
        "payment_closed",
        "payment_conflict",
        "payments_limit_exceeded",
        "single_limit_exceeded",
        "total_limit_exceeded",
    }
)


def run_deductions(*, at: datetime) -> int:
    """Try every deduction that is due by `at`; returns how many were tried.

    One that is refused is tried again after 1, 3 and 7 days from its first day. After the
    last try it has failed: a plan's agreement is suspended then. Safe beside other workers
    and safe twice: the agreement's lock makes them take turns, and the second finds
    nothing due.
    """
    tried = 0
    while batch := list(queries.due_deductions(at).values_list("id", "agreement_id")[:BATCH]):
        for deduction_id, agreement_id in batch:
            _try(deduction_id, agreement_id, at)
        tried += len(batch)
    return tried


def _try(deduction_id: uuid.UUID, agreement_id: uuid.UUID, at: datetime) -> None:
    """Take the money, or write down why not; the refusal undoes the money's transaction."""
    try:
        with keeping_verdict(at=at):
            _take(deduction_id, agreement_id, at)
    except SaomaError as refusal:
        _note_refusal(deduction_id, agreement_id, refusal, at)


@transactions.atomic_retry
def _take(deduction_id: uuid.UUID, agreement_id: uuid.UUID, at: datetime) -> None:
    agreement = queries.locked_agreement(agreement_id)
    deduction = _locked_due(deduction_id, at)
    if deduction is None:
        return
    period_on = check_debitable(agreement, amount_minor=deduction.amount_minor, at=at)
    if deduction.payment_id is None:
        deduction.payment_id = _pay(agreement, deduction, at)
    else:
        charge_agreed(payment=payments.locked_payment(deduction.payment_id), at=at)
    deduction.attempts += 1
    deduction.status, deduction.due_at = DeductionStatus.SUCCEEDED, None
    deduction.finished_at, deduction.failure = at, ""
    deduction.save()
    count_debit(agreement, amount_minor=deduction.amount_minor, period_on=period_on, at=at)


def _locked_due(deduction_id: uuid.UUID, at: datetime) -> Deduction | None:
    """The deduction, locked; None if another worker was here first."""
    return queries.due_deductions(at).select_for_update().filter(id=deduction_id).first()


def _pay(agreement: Agreement, deduction: Deduction, at: datetime) -> uuid.UUID:
    debit = Debit(
        agreement_id=agreement.id,
        reference=deduction.reference,
        description=deduction.description or agreement.payee_name,
        amount_minor=deduction.amount_minor,
        expires_at=at + PLAN_PAYMENT_LIFE,
        details=agreement.details,
    )
    request = payment_request(agreement, debit)
    payer_id = required(agreement.payer_id, "a signed agreement has a payer")
    try:
        return pay_agreed(request=request, payer_id=payer_id, at=at).payment.id
    except KeyTaken as error:
        # The payee has used our order number for something of its own.
        raise PaymentConflict(field="reference") from error


@transactions.atomic_retry
def _note_refusal(
    deduction_id: uuid.UUID, agreement_id: uuid.UUID, refusal: SaomaError, at: datetime
) -> None:
    agreement = queries.locked_agreement(agreement_id)
    deduction = _locked_due(deduction_id, at)
    if deduction is None:
        return
    deduction.attempts += 1
    deduction.failure = refusal.code
    again_at = None
    if refusal.code not in FINAL:
        again_at = rules.retry_at(deduction.first_due_at, deduction.attempts)
    if again_at is not None:
        deduction.status = DeductionStatus.RETRYING
        # After a long pause each try still keeps a day from the one before it.
        deduction.due_at = again_at if again_at > at else at + rules.RETRIES[0]
        deduction.save(update_fields=["attempts", "failure", "status", "due_at"])
        return
    finish_deduction(deduction, DeductionStatus.FAILED, at=at)
    _write_event(agreement, deduction)
    in_force = agreement.status == AgreementStatus.NORMAL
    if in_force and deduction.origin == DeductionOrigin.PLAN:
        suspend(agreement, by=Party.PLATFORM, actor="system", at=at)


def _write_event(agreement: Agreement, deduction: Deduction) -> None:
    outbox.add(
        topic="agreement.debit_failed",
        aggregate_id=agreement.id,
        payload={
            "agreement_id": str(agreement.id),
            "payer_id": str(agreement.payer_id),
            "payee_id": str(agreement.payee_id),
            "reference": deduction.reference,
            "amount_minor": deduction.amount_minor,
            "currency": deduction.currency,
            "failure": deduction.failure,
        },
    )
