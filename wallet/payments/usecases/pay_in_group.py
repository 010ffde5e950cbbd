"""Post plain payments by code, one or many: together, and each decided by itself."""

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, connection, transaction

from config.kernel import clock, transactions
from config.kernel.errors import SaomaError, required
from config.kernel.ids import uuid7
from config.kernel.limits.ceilings import ceiling
from config.kernel.outbox import relay
from config.kernel.prepared_statements import fetch_rows
from config.kernel.transactions import KeyTaken
from wallet.accounts.values import TIER_LIMITS
from wallet.ledger.rules import ERRORS
from wallet.ledger.values import Outcome
from wallet.payments import queries, rules
from wallet.payments.models import Payment
from wallet.payments.queries.payment_context import PaymentContext
from wallet.payments.usecases.assess_payment import Assessment
from wallet.payments.usecases.build_payment import build_payment
from wallet.payments.usecases.charge_payer import paid_payload
from wallet.payments.usecases.pay_in_steps import CodeTaken, pay_in_steps
from wallet.payments.values import (
    Method,
    Payer,
    PaymentStatus,
    PayOutcome,
    PayRequest,
    PayResult,
)

_PAY = "SELECT outcome, journal_id FROM payments_pay_group(%s::jsonb)"
# What is written of a payment is taken from its row under these names.
_COLUMNS = (
    *("id", "number", "code_id", "payer_id", "device_id", "payee_id", "payee_kind"),
    *("payee_account_id", "payee_owner_id", "payee_name", "payee_zone", "payee_cutoff_hour"),
    *("reference", "description", "amount_minor", "currency", "created_at", "expires_at"),
    *("finish_at", "business_date", "details", "unit"),
)


class LimitPassed(Exception):
    """A payment made in the same moment used the limit up: look again."""


_LOOK_AGAIN = {"CODE_TAKEN": CodeTaken, "ORDER_TAKEN": KeyTaken, "LIMIT_PASSED": LimitPassed}


@dataclass(frozen=True, slots=True)
class PlainPayment:
    """A payment by code that nothing stands against: new, from the balance, without PIN."""

    request: PayRequest
    facts: PaymentContext
    assessment: Assessment
    at: datetime


# What became of one of a group. An exception is for its own caller to raise.
Posted = PayOutcome | Exception


def pay_in_group(plain: Sequence[PlainPayment]) -> list[Posted]:
    """Claim the codes, post the journals, count and write the payments, in one transaction.

    On PostgreSQL it is one call of `payments_pay_group`. Each payment is decided by itself, in
    their order. The exceptions it may come to:
        CodeTaken, KeyTaken, LimitPassed: the code, the order number or the room of a limit went
            in this very moment; nothing is written of it.
        PinRequired and the limits' and ledger's refusals; on PostgreSQL the code stays spent.

    Raises:
        DatabaseError: nothing is written of any.

    Locks: the codes, the payers' ledger accounts, the persons' limit usages, then activities;
    each kind in the order of ids.
    """
    if not plain:
        return []
    if connection.vendor != "postgresql":
        return _pay_each(plain)
    payments = [_paid_payment(one) for one in plain]
    items = [_item(n, *pair) for n, pair in enumerate(zip(payments, plain, strict=True), start=1)]
    values = (json.dumps(items, default=str),)
    try:
        if connection.in_atomic_block:
            with transaction.atomic():
                rows = fetch_rows(_PAY, values)
        else:
            rows = transactions.retrying(lambda: fetch_rows(_PAY, values))
    except IntegrityError as error:
        if len(plain) == 1 and transactions.is_key_taken(error):
            return [KeyTaken()]
        raise
    transactions.on_commit(relay.kick)
    return [
        _outcome(payment, one.facts, *row)
        for payment, one, row in zip(payments, plain, rows, strict=True)
    ]


@transactions.atomic_retry
def _pay_each(plain: Sequence[PlainPayment]) -> list[Posted]:
    """The same, statement by statement."""
    posted: list[Posted] = []
    for one in plain:
        payment = build_payment(one.request, at=one.at, method=Method.CODE)
        try:
            posted.append(
                pay_in_steps(
                    request=one.request,
                    facts=one.facts,
                    assessment=one.assessment,
                    payment=payment,
                    at=one.at,
                )
            )
        except (SaomaError, CodeTaken, KeyTaken) as error:
            posted.append(error)
    return posted


def _paid_payment(one: PlainPayment) -> Payment:
    """The row as it is to be, but for its journal."""
    payment = build_payment(one.request, at=one.at, method=Method.CODE, payer_id=one.facts.user_id)
    payment.code_id, payment.device_id = one.facts.code_id, one.facts.device_id
    payment.status, payment.paid_at = PaymentStatus.PAID, one.at
    payment.finish_at = one.at + timedelta(days=settings.SAOMA_REFUND_WINDOW_DAYS)
    payment.business_date = rules.business_date(
        one.at, payment.payee_zone, payment.payee_cutoff_hour
    )
    return payment


def _item(number: int, payment: Payment, one: PlainPayment) -> dict[str, object]:
    """One payment as the function reads it (`payments_pay_item`)."""
    limits = TIER_LIMITS[one.facts.user_tier or 0]
    item = {name: getattr(payment, name) for name in _COLUMNS}
    return item | {
        "n": number,
        "person_id": one.facts.person_id,
        "payer_account_id": one.facts.user_account_id,
        "day": clock.house_day(one.at),
        "lifetime_limit": limits.lifetime_minor,
        "year_limit": limits.yearly_minor,
        "no_pin_limit": ceiling(rules.NO_PIN_DAY),
        "offline_limit": ceiling(rules.OFFLINE_DAY),
        "offline_minor": payment.amount_minor if one.assessment.offline else 0,
        "event_id": uuid7(),
        "payload": paid_payload(payment, one.assessment.assessed),
    }


def _outcome(
    payment: Payment, facts: PaymentContext, outcome: str, journal_id: uuid.UUID | None
) -> Posted:
    if outcome in _LOOK_AGAIN:
        return _LOOK_AGAIN[outcome]()
    if outcome != "PAID":
        return ERRORS[Outcome(outcome)]()
    payment.journal_id = journal_id
    payer = Payer(
        required(facts.user_number, "a payer has a number"),
        required(facts.user_phone, "a payer has a phone"),
    )
    return PayOutcome(queries.view(payment, payer), PayResult.PAID)
