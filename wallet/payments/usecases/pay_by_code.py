"""Pay by the code a payer shows: the till's use case, and the hottest path of the house."""

from collections.abc import Sequence
from contextvars import Context, copy_context
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import connection

from config.kernel import clock
from config.kernel.errors import Locked, Refused, SaomaError, required
from config.kernel.grouping import Grouping
from config.kernel.limits.rules import of_year
from config.kernel.transactions import KeyTaken
from wallet.accounts import rules as account_rules
from wallet.accounts.values import UserState
from wallet.funding.queries import has_sources
from wallet.ledger.rules import AccountClosed, AccountFrozen, InsufficientFunds
from wallet.payments import queries, rules
from wallet.payments.models import Payment
from wallet.payments.queries.payment_context import LookUp, PaymentContext, payment_contexts
from wallet.payments.usecases.assess_payment import assess_code_payment, code_subject
from wallet.payments.usecases.build_payment import build_payment
from wallet.payments.usecases.check_code import (
    REFUSALS,
    BadCode,
    check_code,
    judge_code,
    spend_code,
)
from wallet.payments.usecases.judge_payment import check_verdict, keeping_verdict
from wallet.payments.usecases.pay_in_group import (
    LimitPassed,
    PlainPayment,
    Posted,
    pay_in_group,
)
from wallet.payments.usecases.pay_in_steps import CodeTaken, pay_in_steps
from wallet.payments.values import Method, PaymentStatus, PayOutcome, PayRequest, PayResult
from wallet.qr.paycode import CodeMalformed, ParsedCode, parse_code
from wallet.risk.usecases.refuse_movement import STOPS

MAX_ATTEMPTS = 4


@dataclass(frozen=True, slots=True)
class Scan:
    """One caller's request: a code read at a moment, and the context its logs belong to."""

    request: PayRequest
    parsed: ParsedCode | None
    at: datetime
    context: Context


@dataclass(frozen=True, slots=True)
class Served:
    """What a group found out for one caller, and what became of a plain payment."""

    facts: PaymentContext
    posted: Posted | None


def pay_by_code(*, request: PayRequest, code: str) -> PayOutcome:
    """Take a payment from whoever shows the code, once for the payee's order number.

    The same order with the same code gives the first answer again (REPLAYED), a refusal
    included. Above the no-PIN limits, or where the risk rules ask for it, the payment
    waits for the payer's PIN (AWAITING_PAYER). After any definite failure the code stays
    spent. Call it outside a transaction: strikes and spent codes must survive a refusal.
    Plain payments of concurrent callers go to the database together, see `config.kernel.grouping`.

    Args:
        request: what the payee asks for.
        code: twenty digits as scanned.

    Raises:
        AmountOutOfRange, CurrencyUnsupported, ReferenceInvalid, TextInvalid: an input is
            wrong.
        PayeeCoolingDown, CodeInvalid, CodeExpired, CodeUsed: see `check_code`.
        PaymentConflict: the order number belongs to a payment of other content.
        PaymentAlreadyPaid, PaymentClosed, PayerMismatch: the order was paid with another
            code, is closed, or is another payer's than `request.payer_number`.
        PayeeIsPayer, AccountFrozen, AccountClosed, KycRequired, KycLimit,
        PaymentDeclined, PaymentDelayed, InsufficientFunds: refused; the code is spent.

    Locks: the code, the payer's ledger account, the person's limit usage, then activity.
    """
    rules.check_request(request)
    scan = Scan(request, parsed_code(code), clock.now(), copy_context())
    for attempt in range(MAX_ATTEMPTS):
        try:
            return _attempt(scan, alone=attempt > 0)
        except (CodeTaken, LimitPassed, rules.PinRequired, KeyTaken):
            # Somebody was faster; the next look sees what they did.
            continue
    return _attempt(scan, alone=True)


def _attempt(scan: Scan, *, alone: bool) -> PayOutcome:
    """Pay with those who ask at this moment; alone, in a transaction or after a lost race."""
    alone = alone or connection.in_atomic_block
    return finish(scan, serve([scan])[0] if alone else _GROUPING.submit(scan))


def finish(scan: Scan, served: Served) -> PayOutcome:
    """Answer one caller: with the plain payment that was made, or by what is left to do.

    Raises:
        CodeTaken, LimitPassed, KeyTaken, PinRequired: look again.
        whatever `pay_by_code` raises.
    """
    request, facts, at, posted = scan.request, served.facts, scan.at, served.posted
    if isinstance(posted, PayOutcome):
        return posted
    payment = None
    if posted is None:
        if facts.known_payment_id is not None:
            payment = Payment.objects.get(id=facts.known_payment_id)
            if _is_answered(request, payment, facts):
                return PayOutcome(queries.view(payment), PayResult.REPLAYED)
        check_code(
            parsed=scan.parsed,
            facts=facts,
            payee_id=request.payee_id,
            reference=request.reference,
            at=at,
        )
    try:
        return _pay_covered(scan, facts, payment, posted)
    except (Refused, Locked, AccountClosed) as refusal:
        _spend_on_refusal(request, facts, refusal, at)
        raise


def serve(scans: Sequence[Scan]) -> list[Served]:
    """Look several up together, and pay together what is plain."""
    contexts = payment_contexts(
        [
            LookUp(
                scan.request.payee_id,
                scan.request.reference,
                scan.parsed.token if scan.parsed else "",
                scan.at,
            )
            for scan in scans
        ]
    )
    plain = [
        scan.context.run(_plain, scan, facts) for scan, facts in zip(scans, contexts, strict=True)
    ]
    posted = iter(pay_in_group([one for one in plain if one is not None]))
    return [
        Served(facts, None if one is None else next(posted))
        for facts, one in zip(contexts, plain, strict=True)
    ]


def _plain(scan: Scan, facts: PaymentContext) -> PlainPayment | None:
    """The payment, ready to be posted; None where its own caller has to look closer."""
    request, at = scan.request, scan.at
    if facts.known_payment_id is not None:
        return None
    try:
        judge_code(
            parsed=scan.parsed,
            facts=facts,
            payee_id=request.payee_id,
            reference=request.reference,
            at=at,
        )
        _check_payer(request, facts, at)
        assessment = assess_code_payment(request, facts, at)
    except (SaomaError, BadCode):
        return None
    if assessment.needs_pin or assessment.assessed.verdict.decision in STOPS:
        return None
    return PlainPayment(request, facts, assessment, at)


def _pay_covered(
    scan: Scan, facts: PaymentContext, payment: Payment | None, refusal: Exception | None
) -> PayOutcome:
    """Pay from the balance; only where it falls short, from the payer's sources too."""
    try:
        if refusal is not None:
            raise refusal
        return _pay(scan, facts, payment)
    except InsufficientFunds:
        if not has_sources(required(facts.user_id, "a checked code has an owner")):
            raise
        return _pay(scan, facts, payment, from_sources=True)


def _is_answered(request: PayRequest, payment: Payment, facts: PaymentContext) -> bool:
    """Whether this very request has been answered; False where the order is still to be paid.

    Raises:
        PaymentConflict, PaymentAlreadyPaid, PaymentClosed: it is not the same request, and
            the order is not open to another try.
    """
    status = PaymentStatus(payment.status)
    rules.check_same_order(queries.order_of(payment), request.order, status=status)
    if payment.code_id is not None and payment.code_id == facts.code_id:
        return True
    if status is PaymentStatus.PENDING:
        return False
    if status is PaymentStatus.CLOSED:
        raise rules.PaymentClosed(payment_id=str(payment.id))
    raise rules.PaymentAlreadyPaid(payment_id=str(payment.id))


def _pay(
    scan: Scan, facts: PaymentContext, payment: Payment | None, *, from_sources: bool = False
) -> PayOutcome:
    """Pay what is not plain, or not any more."""
    request, at = scan.request, scan.at
    _check_payer(request, facts, at)
    assessment = assess_code_payment(request, facts, at)
    if payment is None:
        payment = build_payment(request, at=at, method=Method.CODE)
    with keeping_verdict(at=at):
        check_verdict(code_subject(request, facts, payment.id), assessment.assessed)
    return pay_in_steps(
        request=request,
        facts=facts,
        assessment=assessment,
        payment=payment,
        at=at,
        from_sources=from_sources,
    )


def _check_payer(request: PayRequest, facts: PaymentContext, at: datetime) -> None:
    """What can be refused before any row is locked; the ledger checks again under its lock."""
    if request.payer_number not in {"", facts.user_number}:
        raise rules.PayerMismatch(field="buyer_id")
    same = request.payee_account_id == facts.user_account_id
    if same or facts.user_id in (request.payee_id, request.payee_owner_id):
        raise rules.PayeeIsPayer()
    if facts.user_state == UserState.FROZEN:
        raise AccountFrozen()
    if facts.user_state == UserState.CLOSED:
        raise AccountClosed()
    this_year, year = clock.house_day(at).year, facts.year or 0
    allowance = account_rules.limits(
        tier=facts.user_tier or 0,
        lifetime_used_minor=facts.lifetime_minor or 0,
        year=max(year, this_year),
        yearly_used_minor=of_year(facts.year_minor or 0, year=year, this_year=this_year),
        reserved_minor=facts.reserved_minor or 0,
    )
    account_rules.check_outgoing(allowance, amount_minor=request.amount_minor)


def _spend_on_refusal(
    request: PayRequest, facts: PaymentContext, refusal: SaomaError, at: datetime
) -> None:
    if refusal.code in REFUSALS:
        spend_code(
            code_id=required(facts.code_id, "a checked code has an id"),
            payee_id=request.payee_id,
            reference=request.reference,
            refusal=refusal.code,
            at=at,
        )


def parsed_code(code: str) -> ParsedCode | None:
    """Take a scanned code apart; None where its digits are no code."""
    try:
        return parse_code(code, prefix=settings.SAOMA_PAYCODE_PREFIX)
    except CodeMalformed:
        return None


_GROUPING = Grouping(serve)
