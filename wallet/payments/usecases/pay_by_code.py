"""Pay by the code a payer shows: the till's use case, and the hottest path of the house."""

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, connection

from config.kernel import clock, ids
from config.kernel.errors import Locked, Refused, SaomaError, required
from config.kernel.limits.rules import of_year
from wallet.accounts import rules as account_rules
from wallet.accounts.values import UserState
from wallet.funding.queries import has_sources
from wallet.ledger.rules import AccountClosed, AccountFrozen, InsufficientFunds
from wallet.payments import queries, rules
from wallet.payments.models import Payment
from wallet.payments.queries.payment_context import PaymentContext, payment_context
from wallet.payments.rules import Order
from wallet.payments.usecases.assess_payment import (
    assess_code_payment,
    code_subject,
)
from wallet.payments.usecases.check_code import REFUSALS, check_code, spend_code
from wallet.payments.usecases.pay_in_one_call import LimitPassed, pay_in_one_call
from wallet.payments.usecases.pay_in_steps import CodeTaken, pay_in_steps
from wallet.payments.values import (
    ZONE,
    NewPaymentIds,
    PayeeKind,
    PaymentStatus,
    PayOutcome,
    PayRequest,
    PayResult,
)
from wallet.qr.paycode import CodeMalformed, ParsedCode, parse_code
from wallet.risk.usecases.refuse_movement import STOPS, refuse_movement

LOOKS = 4


def pay_by_code(
    *,
    code: str,
    payee_id: uuid.UUID,
    payee_account_id: uuid.UUID,
    payee_name: str,
    reference: str,
    description: str,
    amount_minor: int,
    currency: str,
    expires_at: datetime,
    details: Mapping[str, object],
    payee_kind: PayeeKind = PayeeKind.MERCHANT,
    payee_zone: str = ZONE,
    payee_cutoff_hour: int = 0,
    payee_owner_id: uuid.UUID | None = None,
    payee_since: datetime | None = None,
) -> PayOutcome:
    """Take a payment from whoever shows the code, once for the payee's order number.

    The same order with the same code gives the first answer again (REPLAYED), a refusal
    included. Above the no-PIN limits, or where the risk rules ask for it, the payment
    waits for the payer's PIN (AWAITING_PAYER). After any definite failure the code stays
    spent. Call it outside a transaction: strikes and spent codes must survive a refusal.

    Args:
        code: twenty digits as scanned.
        payee_id: merchant or wallet user who is paid; owns the order number.
        payee_account_id: ledger account to be credited.
        payee_name: as the payer is to see it.
        reference: the payee's order number, 1 to 64 characters.
        description: what is paid for; part of what makes an order the same order.
        amount_minor: in minor units, at least 1.
        currency: CNY.
        expires_at: when a payment that waits for its payer lapses; aware.
        details: the payee's extras; JSON values only, kept unread.
        payee_kind: whether the payee is a merchant or a wallet user.
        payee_zone: IANA zone whose calendar gives the business date.
        payee_cutoff_hour: local hour at which the payee's business day begins.
        payee_owner_id: wallet user behind a merchant, who may not be the payer.
        payee_since: when the payee joined, for the risk rules.

    Raises:
        AmountOutOfRange, CurrencyUnsupported, ReferenceInvalid, TextInvalid: an input is
            wrong.
        PayeeCoolingDown, CodeInvalid, CodeExpired, CodeUsed: see `check_code`.
        PaymentConflict: the order number belongs to a payment of other content.
        PaymentAlreadyPaid, PaymentClosed, PayerMismatch: the order was paid with another
            code, is closed, or is another payer's.
        PayeeIsPayer, AccountFrozen, AccountClosed, KycRequired, KycLimit,
        PaymentDeclined, PaymentDelayed, InsufficientFunds: refused; the code is spent.

    Locks: the code, the payer's ledger account, the person's limit usage, then activity.
    """
    rules.check_order(
        reference=reference,
        amount_minor=amount_minor,
        currency=currency,
        description=description,
    )
    request = PayRequest(
        payee_id=payee_id,
        payee_kind=payee_kind,
        payee_account_id=payee_account_id,
        payee_owner_id=payee_owner_id,
        payee_name=payee_name[: rules.PAYEE_NAME_MAXIMUM],
        payee_zone=payee_zone,
        payee_since=payee_since,
        reference=reference,
        description=description,
        amount_minor=amount_minor,
        currency=currency,
        expires_at=expires_at,
        details=details,
        at=clock.now(),
        payee_cutoff_hour=payee_cutoff_hour,
    )
    parsed = _parsed(code)
    for _ in range(LOOKS):
        try:
            return _attempt(request, parsed)
        except (CodeTaken, LimitPassed, rules.PinRequired, IntegrityError):
            # Somebody was faster; the next look sees what they did.
            continue
    return _attempt(request, parsed)


def _attempt(request: PayRequest, parsed: ParsedCode | None) -> PayOutcome:
    facts = payment_context(
        payee_id=request.payee_id,
        reference=request.reference,
        token=parsed.token if parsed else "",
        at=request.at,
    )
    payment = None
    if facts.known_payment_id is not None:
        payment = Payment.objects.get(id=facts.known_payment_id)
        if _is_answered(request, payment, facts):
            return PayOutcome(queries.view(payment), PayResult.REPLAYED)
    check_code(
        parsed=parsed,
        facts=facts,
        payee_id=request.payee_id,
        reference=request.reference,
        at=request.at,
    )
    try:
        return _pay_covered(request, facts, payment)
    except (Refused, Locked, AccountClosed) as refusal:
        _spend_on_refusal(request, facts, refusal)
        raise


def _pay_covered(request: PayRequest, facts: PaymentContext, payment: Payment | None) -> PayOutcome:
    """Pay from the balance; only where it falls short, from the payer's sources too."""
    try:
        return _pay(request, facts, payment)
    except InsufficientFunds:
        if not has_sources(required(facts.user_id, "a checked code has an owner")):
            raise
        return _pay(request, facts, payment, from_sources=True)


def _is_answered(request: PayRequest, payment: Payment, facts: PaymentContext) -> bool:
    """Whether this very request has been answered; False where the order is still to be paid.

    Raises:
        PaymentConflict, PaymentAlreadyPaid, PaymentClosed: it is not the same request, and
            the order is not open to another try.
    """
    status = PaymentStatus(payment.status)
    rules.check_same_order(
        Order(
            payment.payee_account_id, payment.amount_minor, payment.currency, payment.description
        ),
        Order(
            request.payee_account_id,
            request.amount_minor,
            request.currency,
            request.description,
        ),
        status=status,
    )
    if payment.code_id is not None and payment.code_id == facts.code_id:
        return True
    if status is PaymentStatus.PENDING:
        return False
    if status is PaymentStatus.CLOSED:
        raise rules.PaymentClosed(payment_id=str(payment.id))
    raise rules.PaymentAlreadyPaid(payment_id=str(payment.id))


def _pay(
    request: PayRequest,
    facts: PaymentContext,
    payment: Payment | None,
    *,
    from_sources: bool = False,
) -> PayOutcome:
    _check_payer(request, facts)
    assessment = assess_code_payment(request, facts)
    prepared = _new_payment_ids(request)
    if assessment.verdict.decision in STOPS:
        raise refuse_movement(
            subject=code_subject(request, facts, prepared.payment_id),
            verdict=assessment.verdict,
            features=assessment.features,
            decided_at=request.at,
        )
    plain = payment is None and not assessment.needs_pin and not from_sources
    if plain and connection.vendor == "postgresql":
        return pay_in_one_call(
            request=request, facts=facts, assessment=assessment, prepared=prepared
        )
    return pay_in_steps(
        request=request,
        facts=facts,
        assessment=assessment,
        prepared=prepared,
        known_payment_id=payment.id if payment else None,
        from_sources=from_sources,
    )


def _check_payer(request: PayRequest, facts: PaymentContext) -> None:
    """What can be refused before any row is locked; the ledger checks again under its lock."""
    same = request.payee_account_id == facts.user_account_id
    if same or facts.user_id in (request.payee_id, request.payee_owner_id):
        raise rules.PayeeIsPayer()
    if facts.user_state == UserState.FROZEN:
        raise AccountFrozen()
    if facts.user_state == UserState.CLOSED:
        raise AccountClosed()
    this_year, year = clock.house_day(request.at).year, facts.year or 0
    allowance = account_rules.limits(
        tier=facts.user_tier or 0,
        lifetime_used_minor=facts.lifetime_minor or 0,
        year=max(year, this_year),
        yearly_used_minor=of_year(facts.year_minor or 0, year=year, this_year=this_year),
        reserved_minor=facts.reserved_minor or 0,
    )
    account_rules.check_outgoing(allowance, amount_minor=request.amount_minor)


def _spend_on_refusal(request: PayRequest, facts: PaymentContext, refusal: SaomaError) -> None:
    if refusal.code in REFUSALS:
        spend_code(
            code_id=required(facts.code_id, "a checked code has an id"),
            payee_id=request.payee_id,
            reference=request.reference,
            refusal=refusal.code,
            at=request.at,
        )


def _new_payment_ids(request: PayRequest) -> NewPaymentIds:
    payment_id = ids.uuid7()
    unit = ids.unit_of(request.payee_id)
    calendar_day = rules.business_date(request.at, request.payee_zone)
    return NewPaymentIds(
        payment_id=payment_id,
        number=rules.payment_number(payment_id, on=calendar_day, unit=unit),
        business_date=rules.business_date(
            request.at, request.payee_zone, request.payee_cutoff_hour
        ),
        finish_at=request.at + timedelta(days=settings.SAOMA_REFUND_WINDOW_DAYS),
        unit=unit,
    )


def _parsed(code: str) -> ParsedCode | None:
    try:
        return parse_code(code, prefix=settings.SAOMA_PAYCODE_PREFIX)
    except CodeMalformed:
        return None
