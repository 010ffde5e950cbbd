"""Decide when a batch that is being calculated is paid out, and what of it stays in reserve."""

import uuid
from datetime import timedelta

from django.db.models import Sum

from config.kernel import clock, transactions
from config.kernel.errors import required
from merchants.settlement.accounts import accounts_of
from merchants.settlement.models import ReserveHold, SettlementBatch
from merchants.settlement.values import BatchState, Wait
from merchants.terms.queries import overrides, payout_terms
from merchants.terms.rules import payout_date
from merchants.terms.values import PayoutTerms, Schedule
from wallet import money
from wallet.business_days import cut_off
from wallet.public import Draft, credit, debit, post_journal


def plan_payout(batch: SettlementBatch) -> None:
    """Fill in the batch's reserve, the moment of its payout, and what it waits for.

    By the merchant's terms on the batch's business date. Sums in the reserve whose time is over
    go out with this batch.

    Args:
        batch: locked, with its payable and what is set aside; not saved yet.

    Locks: the ledger accounts; the caller holds the merchant.
    """
    transactions.require()
    terms = payout_terms(batch.merchant_id, batch.business_date)
    _release_reserves(batch)
    _reserve(batch, terms)
    merchant = batch.merchant
    on = payout_date(batch.business_date, terms, overrides(terms.calendar))
    if on is not None and on > batch.business_date:
        at = cut_off(on, zone=merchant.zone, hour=merchant.cutoff_hour)
        batch.payout_after = max(at, batch.closes_at)
    batch.waits_for = _wait(batch, terms)


def _wait(batch: SettlementBatch, terms: PayoutTerms) -> Wait:
    if not batch.out_minor:
        return Wait.NOTHING
    if terms.schedule is Schedule.ON_DEMAND:
        return Wait.DEMAND
    waiting = SettlementBatch.objects.filter(
        merchant=batch.merchant,
        currency=batch.currency,
        waits_for=Wait.MINIMUM,
        state__in=[BatchState.CALCULATED, BatchState.AWAITING_APPROVAL],
    )
    if batch.out_minor + sum(row.out_minor for row in waiting) < terms.minimum_minor:
        return Wait.MINIMUM
    waiting.update(waits_for=Wait.NOTHING)
    return Wait.NOTHING


def _reserve(batch: SettlementBatch, terms: PayoutTerms) -> None:
    kept_minor = money.bps(batch.payable_minor - batch.aside_minor, terms.reserve_bps)
    if not kept_minor:
        return
    merchant = batch.merchant
    batch.reserved_minor = kept_minor
    ReserveHold.objects.create(
        batch=batch,
        merchant=merchant,
        amount_minor=kept_minor,
        currency=batch.currency,
        due_at=cut_off(
            batch.business_date + timedelta(days=terms.reserve_days),
            zone=merchant.zone,
            hour=merchant.cutoff_hour,
        ),
        journal_id=_move(batch, kept_minor, into=True),
    )


def _release_reserves(batch: SettlementBatch) -> None:
    due = ReserveHold.objects.filter(
        merchant=batch.merchant,
        currency=batch.currency,
        released_with__isnull=True,
        due_at__lt=batch.closes_at,
    )
    total_minor = due.aggregate(total=Sum("amount_minor"))["total"] or 0
    if total_minor:
        _move(batch, total_minor, into=False)
        due.update(released_with=batch)
    batch.unreserved_minor = total_minor


def _move(batch: SettlementBatch, amount_minor: int, *, into: bool) -> uuid.UUID:
    payable = accounts_of(batch.merchant).payable
    reserve = required(batch.merchant.reserve_account_id, "an approved merchant has a reserve")
    giver, taker = (payable, reserve) if into else (reserve, payable)
    return post_journal(
        Draft(
            key=f"reserve:{batch.id}:{'in' if into else 'out'}",
            kind="reserve_held" if into else "reserve_released",
            lines=(
                debit(giver, amount_minor, batch.currency),
                credit(taker, amount_minor, batch.currency),
            ),
            posted_at=clock.now(),
            business_date=batch.business_date,
            reference=str(batch.id),
            narrative=f"rolling reserve of {batch.business_date}",
        )
    )
