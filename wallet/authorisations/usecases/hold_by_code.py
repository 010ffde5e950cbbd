"""Hold a deposit with the payment code that a payer shows."""

import uuid
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction

from config.kernel import clock, ids, transactions
from config.kernel.errors import Locked, Refused, SaomaError, required
from wallet.accounts import queries as accounts
from wallet.authorisations import queries, rules
from wallet.authorisations.models import Authorisation, Operation
from wallet.authorisations.usecases.open_hold import announce, check_request, open_hold
from wallet.authorisations.usecases.reserve import check_payer, reserve
from wallet.authorisations.values import (
    AuthorisationStatus,
    HoldOutcome,
    HoldRequest,
    HoldResult,
    OperationKind,
    OperationStatus,
)
from wallet.ledger.rules import AccountClosed
from wallet.payments import rules as payments
from wallet.payments.queries.payment_context import LookUp, PaymentContext, payment_context
from wallet.payments.usecases.assess_payment import (
    Assessment,
    assess_code_payment,
    code_subject,
)
from wallet.payments.usecases.check_code import REFUSALS, check_code, spend_code
from wallet.payments.usecases.judge_payment import check_verdict, keeping_verdict
from wallet.payments.values import PayRequest
from wallet.qr.paycode import CodeMalformed, ParsedCode, parse_code

MAX_ATTEMPTS = 4


class _CodeTaken(Exception):
    """Somebody claimed the code between our look and our claim: look again."""


def hold_by_code(*, request: HoldRequest, code: str) -> HoldOutcome:
    """Freeze an amount of whoever shows the code, once for the payee's request number.

    The same request again gives the first answer (REPLAYED), whatever code comes with it,
    and spends none. Above the no-PIN limit, or where the risk rules ask for it, the
    freeze waits for the payer's PIN (AWAITING_PAYER). After a definite refusal the code
    stays spent. Call it outside a transaction: strikes and spent codes must survive.

    Args:
        request: what is asked for.
        code: twenty digits as scanned.

    Raises:
        what `check_request`, `check_code`, `open_hold` and `reserve` refuse.
        PaymentDeclined: the risk rules refuse it.

    Locks: the code, the authorisation, then as `reserve`.
    """
    at = clock.now()
    check_request(request, at=at)
    parsed = _parsed(code)
    for _ in range(MAX_ATTEMPTS):
        try:
            return _attempt(request, parsed, at)
        except (_CodeTaken, payments.PinRequired, IntegrityError):
            # Somebody was faster; the next look sees what they did.
            continue
    return _attempt(request, parsed, at)


def _attempt(request: HoldRequest, parsed: ParsedCode | None, at: datetime) -> HoldOutcome:
    row = queries.row_of(payee_id=request.payee_id, reference=request.reference)
    if row is not None and _has_request(row, request):
        return _answer_again(request, at)
    facts = payment_context(
        LookUp(request.payee_id, request.reference, parsed.token if parsed else "", at)
    )
    check_code(
        parsed=parsed,
        facts=facts,
        payee_id=request.payee_id,
        reference=request.reference,
        at=at,
    )
    try:
        payment = _as_payment(request)
        assessment = assess_code_payment(payment, facts, at)
        with keeping_verdict(at=at):
            check_verdict(code_subject(payment, facts, ids.uuid7()), assessment.assessed)
        return _hold(request, facts, assessment, at)
    except (Refused, Locked, AccountClosed) as refusal:
        _spend_on_refusal(request, facts, refusal, at)
        raise


def _has_request(row: Authorisation, request: HoldRequest) -> bool:
    freezes = row.operations.filter(kind=OperationKind.FREEZE, request_no=request.request_no)
    return freezes.exists()


@transactions.atomic_retry
def _answer_again(request: HoldRequest, at: datetime) -> HoldOutcome:
    row, operation, _ = open_hold(request, at=at)
    rules.check_not_ended(AuthorisationStatus(row.status))
    if operation.status == OperationStatus.CLOSED:
        raise rules.AuthorisationClosed()
    if row.payer_id is None:
        # The number was given to a code that nobody has scanned yet.
        raise rules.AuthorisationConflict(field="reference", status=row.status)
    return HoldOutcome(queries.view(row), queries.operation_view(operation), HoldResult.REPLAYED)


@transactions.atomic_retry
def _hold(
    request: HoldRequest, facts: PaymentContext, assessment: Assessment, at: datetime
) -> HoldOutcome:
    with transaction.atomic():
        claimed = spend_code(
            code_id=required(facts.code_id, "a checked code has an id"),
            payee_id=request.payee_id,
            reference=request.reference,
            refusal="",
            at=at,
        )
        if not claimed:
            raise _CodeTaken
        payer = accounts.user(required(facts.user_id, "a checked code has an owner"))
        row, operation, new = open_hold(request, at=at)
        if not new:
            raise _CodeTaken
        operation.code_id = facts.code_id
        check_payer(row, payer)
        if assessment.needs_pin:
            _await(row, operation, payer.id)
            result = HoldResult.AWAITING_PAYER
        else:
            reserve(
                row=row,
                operation=operation,
                payer=payer,
                auth=payments.PayerAuth(with_pin=False, offline=assessment.offline),
                at=at,
            )
            result = HoldResult.FROZEN
    return HoldOutcome(queries.view(row), queries.operation_view(operation), result)


def _await(row: Authorisation, operation: Operation, payer_id: uuid.UUID) -> None:
    row.payer_id = payer_id
    row.save(update_fields=["payer_id"])
    operation.save(update_fields=["code_id"])
    announce(row, operation)


def _as_payment(request: HoldRequest) -> PayRequest:
    """The freeze as the payment that the limits and the risk rules judge."""
    return PayRequest(
        payee_id=request.payee_id,
        payee_account_id=request.payee_account_id,
        payee_owner_id=request.payee_owner_id,
        payee_name=request.payee_name,
        payee_zone=request.payee_zone,
        payee_since=request.payee_since,
        reference=request.reference,
        description=request.title,
        amount_minor=request.amount_minor,
        currency=request.currency,
        expires_at=request.pay_expires_at,
        details=request.details,
    )


def _spend_on_refusal(
    request: HoldRequest, facts: PaymentContext, refusal: SaomaError, at: datetime
) -> None:
    if refusal.code in REFUSALS:
        spend_code(
            code_id=required(facts.code_id, "a checked code has an id"),
            payee_id=request.payee_id,
            reference=request.reference,
            refusal=refusal.code,
            at=at,
        )


def _parsed(code: str) -> ParsedCode | None:
    try:
        return parse_code(code, prefix=settings.SAOMA_PAYCODE_PREFIX)
    except CodeMalformed:
        return None
