"""Collect what a batch settles: what happened before its end and is not settled yet."""

import uuid
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import TypeVar

from django.db.models import Sum

from config.kernel.errors import InvariantBroken
from merchants.onboarding.models import Merchant
from merchants.settlement import queries, rules
from merchants.settlement.models import SettlementBatch, SettlementLine
from merchants.settlement.usecases.collect_releases import (
    after_release,
    refunds_inside,
    release_line,
    unsettled_releases,
)
from merchants.settlement.usecases.collect_splits import out_of, split_lines
from merchants.settlement.usecases.keep_fee_rule import FeeRules, terms_of
from merchants.settlement.values import LineFacts, LineKind
from merchants.terms.rules import payment_fee
from wallet.public import (
    PaidPayment,
    PaymentView,
    RefundView,
    paid_between,
    refunds_between,
)

T = TypeVar("T")
IDS_AT_ONCE = 500


def collect_lines(batch: SettlementBatch, rules_of: FeeRules) -> list[LineFacts]:
    """The payments, refunds and splits that belong in a cut-off batch, with their fees.

    It reads from the beginning of the day before, so that a payment whose transaction
    committed after its own day had been calculated is settled here instead of never.
    Refunds are read before payments: a refund that is seen has its payment seen too.

    Locks: none; the caller holds the merchant, so no other batch takes the same lines.
    """
    rule = batch.fee_rule
    if rule is None:
        raise InvariantBroken("a batch is cut off before its lines are collected")
    since = reach(batch)
    refunds, payments = unsettled(
        batch.merchant, currency=batch.currency, since=since, until=batch.closes_at
    )
    lines = [payment_line(payment, batch.merchant, rules_of) for payment in payments]
    came = unsettled_releases(batch.merchant, since=since, until=batch.closes_at)
    lines.extend(
        release_line(row, payment_line(paid, batch.merchant, rules_of)) for row, paid in came
    )
    inside = refunds_inside([row for row, _ in came])
    refunds = [*refunds, *inside]
    paid = {line.payment_id: line for line in lines}
    paid.update(_settled_payments(refunds, known_ids=paid))
    inside_ids = {refund.id for refund in inside}
    lines.extend(_refund_lines(refunds, paid, batch.merchant, inside_ids, rules_of))
    lines.extend(split_lines(batch.merchant, rule, since=since, until=batch.closes_at))
    return lines


def reach(batch: SettlementBatch) -> datetime:
    """How far back a batch looks: to the beginning of the last one that is calculated."""
    before = queries.calculated_before(batch)
    return min(batch.opens_at, before.opens_at if before else batch.merchant.created_at)


def unsettled(
    merchant: Merchant, *, currency: str, since: datetime, until: datetime
) -> tuple[list[RefundView], list[PaidPayment]]:
    """Refunds and payments of a merchant in a span of time that are on no line yet."""
    refunds = [
        refund
        for refund in refunds_between(payee_id=merchant.id, after=since, until=until)
        if refund.currency == currency
    ]
    refunds = after_release(merchant, refunds)
    payments = [
        payment
        for payment in paid_between(payee_id=merchant.id, after=since, until=until)
        if payment.currency == currency and payment.payee_account_id == merchant.pending_account_id
    ]
    done_refunds = _on_lines(merchant, "refund_id", LineKind.REFUND, since)
    settled_ids = _on_lines(merchant, "payment_id", LineKind.PAYMENT, since)
    return (
        [refund for refund in refunds if refund.id not in done_refunds],
        [payment for payment in payments if payment.id not in settled_ids],
    )


def _on_lines(
    merchant: Merchant, column: str, kind: LineKind, since: datetime
) -> set[uuid.UUID | None]:
    """What happened since a moment and is on a line: no batch that closed before it has it."""
    rows = SettlementLine.objects.filter(
        batch__merchant=merchant, batch__closes_at__gt=since, kind=kind
    )
    return set(rows.values_list(column, flat=True))


def payment_line(
    payment: PaidPayment | PaymentView, merchant: Merchant, rules_of: FeeRules
) -> LineFacts:
    """The line of one paid payment, with its fee by the rule of its method and date."""
    if payment.paid_at is None or payment.journal_id is None or payment.business_date is None:
        raise InvariantBroken("a payment that is settled has been paid")
    rule = rules_of.of(payment.method, payment.business_date)
    into_pending = payment.payee_account_id == merchant.pending_account_id
    return LineFacts(
        kind=LineKind.PAYMENT,
        payment_id=payment.id,
        refund_id=None,
        number=payment.number,
        reference=payment.reference,
        request_no="",
        amount_minor=payment.amount_minor,
        fee_minor=payment_fee(payment.amount_minor, terms_of(rule)),
        pending_minor=payment.amount_minor if into_pending else 0,
        occurred_at=payment.paid_at,
        journal_id=payment.journal_id,
        fee_rule_id=rule.id,
    )


def _settled_payments(
    refunds: Sequence[RefundView], *, known_ids: Iterable[uuid.UUID]
) -> dict[uuid.UUID, LineFacts]:
    """The payment lines, from earlier batches, that these refunds go back to."""
    payment_ids = {refund.payment_id for refund in refunds}.difference(known_ids)
    settled: dict[uuid.UUID, LineFacts] = {}
    for part in _parts(sorted(payment_ids)):
        for line in SettlementLine.objects.filter(kind=LineKind.PAYMENT, payment_id__in=part):
            settled[line.payment_id] = LineFacts(
                kind=LineKind.PAYMENT,
                payment_id=line.payment_id,
                refund_id=None,
                number=line.number,
                reference=line.reference,
                request_no="",
                amount_minor=line.amount_minor,
                fee_minor=line.fee_minor,
                pending_minor=line.pending_minor,
                occurred_at=line.occurred_at,
                journal_id=line.journal_id,
                fee_rule_id=line.fee_rule_id,
            )
    return settled


def _refund_lines(
    refunds: Sequence[RefundView],
    paid: dict[uuid.UUID, LineFacts],
    merchant: Merchant,
    inside: Collection[uuid.UUID],
    rules_of: FeeRules,
) -> Iterator[LineFacts]:
    """Refund lines in the order of time, each with the part of the fee it brings back.

    What was refunded inside an escrow never reached pending, and neither did that part of
    the payment: both lines say that it did.
    """
    before = _refunded_before(refunds)
    pending_minor_by_journal = out_of(
        merchant.pending_account_id, [refund.journal_id for refund in refunds]
    )
    for refund in sorted(refunds, key=lambda entry: (entry.created_at, entry.id)):
        payment = paid.get(refund.payment_id)
        if payment is None:
            raise InvariantBroken("a refund follows its payment")
        refunded_minor, fee_back_minor = before.get(refund.payment_id, (0, 0))
        fee_minor = rules.refund_fee(
            paid_minor=payment.amount_minor,
            fee_minor=0 if rules_of.is_kept(payment.fee_rule_id) else payment.fee_minor,
            refunded_before_minor=refunded_minor,
            fee_back_before_minor=fee_back_minor,
            amount_minor=refund.amount_minor,
        )
        before[refund.payment_id] = (
            refunded_minor + refund.amount_minor,
            fee_back_minor + fee_minor,
        )
        yield LineFacts(
            kind=LineKind.REFUND,
            payment_id=refund.payment_id,
            refund_id=refund.id,
            number=payment.number,
            reference=payment.reference,
            request_no=refund.request_no,
            amount_minor=refund.amount_minor,
            fee_minor=fee_minor,
            pending_minor=refund.amount_minor
            if refund.id in inside
            else pending_minor_by_journal[refund.journal_id],
            occurred_at=refund.created_at,
            journal_id=refund.journal_id,
            fee_rule_id=payment.fee_rule_id,
        )


def _refunded_before(refunds: Sequence[RefundView]) -> dict[uuid.UUID, tuple[int, int]]:
    """What earlier batches hold of refunds of the same payments: amount, fee back."""
    totals: dict[uuid.UUID, tuple[int, int]] = {}
    for part in _parts(sorted({refund.payment_id for refund in refunds})):
        rows = (
            SettlementLine.objects.filter(kind=LineKind.REFUND, payment_id__in=part)
            .values("payment_id")
            .annotate(amount=Sum("amount_minor"), fee=Sum("fee_minor"))
        )
        totals.update({row["payment_id"]: (row["amount"], row["fee"]) for row in rows})
    return totals


def _parts(ids: Sequence[T]) -> Iterator[list[T]]:
    rest = iter(ids)
    while part := list(islice(rest, IDS_AT_ONCE)):
        yield part
