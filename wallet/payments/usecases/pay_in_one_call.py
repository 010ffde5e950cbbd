"""Pay by code in one call of one database function (PostgreSQL, the common case)."""

import json
import uuid

from django.db import DatabaseError, connection, transaction

from config.kernel import clock, transactions
from config.kernel.ids import uuid7
from config.kernel.limits.ceilings import ceiling
from config.kernel.outbox import relay
from config.kernel.prepared_statements import fetch_row
from wallet.accounts.values import TIER_LIMITS
from wallet.ledger.rules import ERRORS
from wallet.ledger.values import Outcome
from wallet.payments import rules
from wallet.payments.queries.payment_context import PaymentContext
from wallet.payments.usecases.assess_payment import Assessment
from wallet.payments.usecases.charge_payer import risk_payload
from wallet.payments.usecases.pay_in_steps import CodeTaken
from wallet.payments.values import (
    Method,
    NewPaymentIds,
    PaymentStatus,
    PaymentView,
    PayOutcome,
    PayRequest,
    PayResult,
)

_PAY = (
    "SELECT outcome, journal_id FROM payments_pay("
    "%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s::bigint, %s, %s, %s, %s, %s,"
    " %s::jsonb, %s::smallint, %s, %s::bigint, %s::bigint, %s::bigint, %s::bigint, %s::bigint,"
    " %s, %s::jsonb, %s::smallint)"
)
LIMIT_PASSED = "SA001"


class LimitPassed(Exception):
    """A payment made in the same moment used the limit up: look again."""


def pay_in_one_call(
    *, request: PayRequest, facts: PaymentContext, assessment: Assessment, prepared: NewPaymentIds
) -> PayOutcome:
    """Claim the code, post the journal, count and write the payment: one statement.

    Args: as `pay_in_steps`, for a new payment that needs no PIN.

    Raises:
        CodeTaken: the code is no longer free.
        LimitPassed: a limit was reached in this very moment; nothing is written.
        IntegrityError: the order number was taken in this very moment; nothing is written.
        InsufficientFunds and the ledger's other refusals: the code stays spent.

    Locks: the code, the payer's ledger account, the person's limit usage, then activity.
    """
    values = _values(request, facts, assessment, prepared)
    try:
        if connection.in_atomic_block:
            with transaction.atomic():
                row = fetch_row(_PAY, values)
        else:
            row = transactions.retrying(lambda: fetch_row(_PAY, values))
    except DatabaseError as error:
        if getattr(error.__cause__, "sqlstate", None) == LIMIT_PASSED:
            raise LimitPassed from error
        raise
    outcome, journal_id = row or ("", None)
    if outcome == "CODE_TAKEN":
        raise CodeTaken
    if outcome != "PAID":
        raise ERRORS[Outcome(outcome)]()
    transactions.on_commit(relay.kick)
    return PayOutcome(_view(request, facts, prepared, journal_id), PayResult.PAID)


def _values(
    request: PayRequest, facts: PaymentContext, assessment: Assessment, prepared: NewPaymentIds
) -> tuple[object, ...]:
    """The function's arguments, in its order."""
    limit = TIER_LIMITS[facts.user_tier or 0]
    return (
        prepared.payment_id,
        prepared.number,
        facts.code_id,
        facts.user_id,
        facts.device_id,
        facts.user_account_id,
        request.payee_id,
        request.payee_kind.value,
        request.payee_account_id,
        request.payee_owner_id,
        request.payee_name,
        request.payee_zone,
        request.reference,
        request.description,
        request.amount_minor,
        request.currency,
        request.at,
        request.expires_at,
        prepared.finish_at,
        prepared.business_date,
        rules.details_text(request.details),
        prepared.unit,
        clock.house_day(request.at),
        limit.lifetime_minor,
        limit.yearly_minor,
        ceiling(rules.NO_PIN_DAY),
        ceiling(rules.OFFLINE_DAY),
        request.amount_minor if assessment.offline else 0,
        uuid7(),
        _payload(request, facts, assessment, prepared),
        request.payee_cutoff_hour,
    )


def _payload(
    request: PayRequest, facts: PaymentContext, assessment: Assessment, prepared: NewPaymentIds
) -> str:
    """The event's payload; the same content as `charge_payer.paid_payload`."""
    payload: dict[str, object] = {
        "payment_id": str(prepared.payment_id),
        "payer_id": str(facts.user_id),
        "payee_id": str(request.payee_id),
        "device_id": str(facts.device_id) if facts.device_id else None,
        "amount_minor": request.amount_minor,
        "currency": request.currency,
        "paid_at": request.at.isoformat(),
        "zone": request.payee_zone,
    }
    if assessment.verdict.reasons:
        payload["risk"] = risk_payload(assessment.verdict, assessment.features)
    return json.dumps(payload)


def _view(
    request: PayRequest,
    facts: PaymentContext,
    prepared: NewPaymentIds,
    journal_id: uuid.UUID | None,
) -> PaymentView:
    """The payment just written, put together from what is known instead of read back."""
    return PaymentView(
        id=prepared.payment_id,
        number=prepared.number,
        status=PaymentStatus.PAID,
        method=Method.CODE,
        payer_id=facts.user_id,
        payer_number=facts.user_number or "",
        payer_phone=facts.user_phone or "",
        payee_id=request.payee_id,
        payee_kind=request.payee_kind,
        payee_account_id=request.payee_account_id,
        payee_name=request.payee_name,
        reference=request.reference,
        description=request.description,
        amount_minor=request.amount_minor,
        currency=request.currency,
        refunded_minor=0,
        needs_pin=False,
        created_at=request.at,
        expires_at=request.expires_at,
        paid_at=request.at,
        closed_at=None,
        close_reason="",
        business_date=prepared.business_date,
        journal_id=journal_id,
        details=request.details,
    )
