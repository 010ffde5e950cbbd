"""Collect what a batch settles beside its sales: releases, refunds and splits before its end."""

import uuid
from collections.abc import Collection, Iterator, Sequence
from itertools import islice
from typing import TypeVar

from django.db.models import QuerySet, Sum

from config.kernel.errors import InvariantBroken, required
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
from merchants.settlement.values import LineFacts, LineKind, Reach
from merchants.terms.rules import payment_fee
from wallet.public import (
    PaymentRow,
    PaymentView,
    RefundView,
    payments_by_id,
    refunds_between,
)

T = TypeVar("T")
IDS_AT_ONCE = 500


def collect_lines(
    batch: SettlementBatch,
    sales: QuerySet[PaymentRow],
    refunds: Sequence[RefundView],
    rules_of: FeeRules,
) -> list[LineFacts]:
    """What belongs in a cut-off batch beside its sales: releases, refunds and splits, with fees.

    Args:
        batch: the batch.
        sales: what it settles, stored already or, of an open day, not.
        refunds: what it settles of them, read before its sales: a refund that is seen has its
            payment seen too.
        rules_of: the merchant's fees.

    Locks: none; the caller holds the merchant, so no other batch takes the same lines.
    """
    rule = required(batch.fee_rule, "a batch is cut off before its lines are collected")
    since, merchant = reach(batch).since, batch.merchant
    came = unsettled_releases(merchant, since=since, until=batch.closes_at)
    lines = [release_line(row, payment_line(paid, merchant, rules_of)) for row, paid in came]
    inside = refunds_inside([row for row, _ in came])
    refunds = [*refunds, *inside]
    paid = {line.payment_id: line for line in lines}
    others = {refund.payment_id for refund in refunds}.difference(paid)
    for part in _parts(sorted(others)):
        paid.update(_stored_payments(part))
        open_ids = sales.filter(id__in=[key for key in part if key not in paid])
        views = payments_by_id(list(open_ids.values_list("id", flat=True)))
        paid.update({view.id: payment_line(view, merchant, rules_of) for view in views})
    inside_ids = {refund.id for refund in inside}
    lines.extend(_refund_lines(refunds, paid, merchant, inside_ids, rules_of))
    lines.extend(split_lines(merchant, rule, since=since, until=batch.closes_at))
    return lines


def reach(batch: SettlementBatch) -> Reach:
    """What a batch looks at: from the beginning of the last one that is calculated to its end.

    So a payment whose transaction committed after its own day had been calculated is settled
    with the next day instead of never.
    """
    before = queries.calculated_before(batch)
    since = min(batch.opens_at, before.opens_at if before else batch.merchant.created_at)
    return Reach(batch.currency, since, batch.closes_at)


def unsettled_refunds(merchant: Merchant, reach: Reach) -> list[RefundView]:
    """Refunds of a merchant within reach that are on no line yet."""
    rows = refunds_between(payee_id=merchant.id, after=reach.since, until=reach.until)
    refunds = [refund for refund in rows if refund.currency == reach.currency]
    # No batch that closed before that time has them.
    lines = SettlementLine.objects.filter(
        batch__merchant=merchant, batch__closes_at__gt=reach.since, kind=LineKind.REFUND
    )
    settled_ids = set(lines.values_list("refund_id", flat=True))
    refunds = [refund for refund in refunds if refund.id not in settled_ids]
    return after_release(merchant, refunds)


def payment_line(payment: PaymentView, merchant: Merchant, rules_of: FeeRules) -> LineFacts:
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


def _stored_payments(ids: Collection[uuid.UUID]) -> dict[uuid.UUID, LineFacts]:
    """The lines of some payments that are stored."""
    rows = SettlementLine.objects.filter(kind=LineKind.PAYMENT, id__in=ids)
    return {
        line.id: LineFacts(
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
        for line in rows
    }


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
