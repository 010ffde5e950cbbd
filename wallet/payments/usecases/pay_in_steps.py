"""Pay by code statement by statement: on any database, and for every uncommon case.

The common case on PostgreSQL is one function call (`pay_in_group`); one test suite holds the two
together.
"""

from datetime import datetime

from django.db import transaction

from config.kernel import transactions
from config.kernel.errors import required
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
from wallet.payments.usecases.create_payment import announce
from wallet.payments.values import PaymentStatus, PayOutcome, PayRequest, PayResult
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
    payment: Payment,
    at: datetime,
    from_sources: bool = False,
) -> PayOutcome:
    """Claim the code, then take the money or leave the payment to the payer's PIN.

    Args:
        request: what the payee asks for.
        facts: what the look-up found; the code has been checked.
        assessment: whether the PIN is needed.
        payment: what is to be paid: new, or an unpaid one of the same order.
        at: now.
        from_sources: whether the payer's savings and pay-later line are asked, too.

    Raises:
        CodeTaken: the code is no longer free.
        KeyTaken: the order number was taken in this very moment.
        whatever `charge_payer` raises; nothing is written then, the claim included.

    Locks: the code, the payment, then as `charge_payer`.
    """
    with transaction.atomic():
        if not (from_sources and _claim_again(facts, request, at)):
            _claim(facts, request, at)
        payer = accounts.user(required(facts.user_id, "a checked code has an owner"))
        new = payment._state.adding
        if not new:
            payment = queries.locked_payment(payment.id)
            _check_payable(payment, payer, at)
        payment.code_id, payment.device_id = facts.code_id, facts.device_id
        if assessment.needs_pin:
            _await_payer(payment, payer, assessment)
            result = PayResult.AWAITING_PAYER
        else:
            charge_payer(
                payment=payment,
                payer=payer,
                auth=PayerAuth(with_pin=False, offline=assessment.offline),
                at=at,
                assessed=assessment.assessed,
                from_sources=from_sources,
            )
            result = PayResult.PAID
        transactions.insert(payment) if new else payment.save()
    return PayOutcome(queries.view(payment, payer), result)


def _claim(facts: PaymentContext, request: PayRequest, at: datetime) -> None:
    claimed = spend_code(
        code_id=required(facts.code_id, "a checked code has an id"),
        payee_id=request.payee_id,
        reference=request.reference,
        refusal="",
        at=at,
    )
    if not claimed:
        raise CodeTaken


def _claim_again(facts: PaymentContext, request: PayRequest, at: datetime) -> bool:
    """Take up the claim that `pay_in_group` left for this very request, marked refused."""
    refused = PaymentCode.objects.filter(
        id=required(facts.code_id, "what was claimed is a code"),
        claim_payee_id=request.payee_id,
        claim_reference=request.reference,
        claimed_at=at,
        refusal=InsufficientFunds.code,
    )
    return refused.update(refusal="") == 1


def _check_payable(payment: Payment, payer: WalletUser, at: datetime) -> None:
    """An order made beforehand is paid by whom it was made for, once, and in time."""
    rules.check_move(PaymentStatus(payment.status), PaymentStatus.PAID)
    if at >= payment.expires_at:
        raise rules.PaymentClosed(status="EXPIRED")
    if payment.payer_id not in {None, payer.id}:
        raise rules.PayerMismatch(payment_id=str(payment.id))


def _await_payer(payment: Payment, payer: WalletUser, assessment: Assessment) -> None:
    """Leave the payment to the payer, who is told by `payment.created`."""
    check_payer(payment=payment, payer=payer)
    payment.payer_id, payment.needs_pin = payer.id, True
    assessed = assessment.assessed
    if assessed.verdict.reasons:
        record_verdict(
            subject=movement_of(payment, payer.id),
            verdict=assessed.verdict,
            stage=Stage.INLINE,
            features=assessed.features,
            decided_at=payment.created_at,
        )
    announce(payment)
