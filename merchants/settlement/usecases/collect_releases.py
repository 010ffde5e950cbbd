"""Collect the guaranteed trades that a batch settles: those released in its time."""

import dataclasses
from collections.abc import Sequence
from datetime import datetime

from config.kernel.errors import required
from merchants.escrow import queries as escrow
from merchants.escrow.models import Escrow
from merchants.onboarding.models import Merchant
from merchants.settlement.queries import payments_settled
from merchants.settlement.values import LineFacts
from wallet.public import PaymentView, RefundView, payments_by_id, refunds_of


def unsettled_releases(
    merchant: Merchant, *, since: datetime, until: datetime
) -> list[tuple[Escrow, PaymentView]]:
    """The escrows released in a span of time whose payments are on no line yet."""
    rows = {
        row.payment_id: row
        for row in escrow.released_between(merchant.id, after=since, until=until)
        if row.currency == merchant.currency
    }
    settled = payments_settled(list(rows))
    payments = payments_by_id([key for key in rows if key not in settled])
    return [(rows[payment.id], payment) for payment in payments]


def release_line(row: Escrow, line: LineFacts) -> LineFacts:
    """A payment's line, at the moment and with the journal of its release."""
    return dataclasses.replace(
        line,
        pending_minor=line.amount_minor,
        occurred_at=required(row.released_at, "a released escrow has its time"),
        journal_id=required(row.journal_id, "a released escrow has its journal"),
    )


def refunds_inside(rows: Sequence[Escrow]) -> list[RefundView]:
    """What was refunded of some trades before they were released."""
    return [
        refund
        for row in rows
        for refund in refunds_of(row.payment_id)
        if row.released_at is not None and refund.created_at < row.released_at
    ]


def after_release(merchant: Merchant, refunds: list[RefundView]) -> list[RefundView]:
    """Those of some refunds that are not of money in escrow at their time."""
    rows = Escrow.objects.filter(
        merchant=merchant, payment_id__in={refund.payment_id for refund in refunds}
    )
    released_at_by_id = {row.payment_id: row.released_at for row in rows}
    return [
        refund
        for refund in refunds
        if refund.payment_id not in released_at_by_id
        or _is_after(released_at_by_id[refund.payment_id], refund)
    ]


def _is_after(released_at: datetime | None, refund: RefundView) -> bool:
    return released_at is not None and refund.created_at >= released_at
