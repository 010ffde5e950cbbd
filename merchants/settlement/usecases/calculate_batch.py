"""Calculate a batch: its lines, its sums and the one journal that moves its money."""

import uuid
from collections.abc import Iterator
from datetime import timedelta

from django.conf import settings

from config.kernel import clock, transactions
from config.kernel.approvals import thresholds
from config.kernel.errors import invariant
from config.kernel.outbox.writes import add as add_event
from merchants.exposure.usecases.collect_debt import collect_debt
from merchants.exposure.usecases.watch_debt import watch_debt
from merchants.settlement import queries, rules
from merchants.settlement.accounts import accounts_of
from merchants.settlement.models import SettlementBatch
from merchants.settlement.usecases.collect_lines import collect_lines, reach, unsettled_refunds
from merchants.settlement.usecases.collect_sales import unsettled_sales
from merchants.settlement.usecases.keep_fee_rule import FeeRules
from merchants.settlement.usecases.lock_batch import lock_batch
from merchants.settlement.usecases.plan_payout import plan_payout
from merchants.settlement.usecases.store_lines import store_lines, store_sales
from merchants.settlement.values import BatchState, Funds, Movement
from merchants.splits.usecases.set_money_aside import release_sums, set_money_aside
from wallet.public import Draft, Line, account_id, balance, credit, debit, post_journal

APPROVAL_ABOVE = "settlement.approval_above_minor"
thresholds.declare(
    APPROVAL_ABOVE,
    title="A settlement batch above this waits for a second operator",
    unit="minor units",
    initial=lambda: settings.SAOMA_SETTLEMENT_APPROVAL_MINOR,
    minimum=0,
    maximum=10_000_000_000,
)


@transactions.atomic_retry
def calculate_batch(*, batch_id: uuid.UUID) -> SettlementBatch:
    """Net a cut-off batch and move its money from pending to payable and revenue.

    What the merchant owes is repaid from the day's surplus first, then from the rest of
    what it has. Lines, sums, journals and state are one transaction: after a crash the
    batch is CUT_OFF still and is calculated then; calculating again returns it unchanged.
    Earlier days of the merchant must have been calculated.

    Raises:
        BatchNotFound: there is no such batch.
        rules.BatchStateForbids: it is still open.
        InsufficientFunds: a refund took the money between looking and posting; the next
            try sees it.

    Locks: the merchant, the batch, then the ledger accounts.
    """
    batch = lock_batch(batch_id)
    if batch.state not in {BatchState.OPEN, BatchState.CUT_OFF}:
        return batch
    rules.check_transition(batch.state, BatchState.CALCULATED)
    invariant(not queries.uncalculated_before(batch).exists(), "days are settled in order")
    _store(batch, FeeRules(batch.merchant))
    batch.journal_id = _post(batch, _decide(batch))
    batch.calculated_at = clock.now()
    _set_aside(batch)
    plan_payout(batch)
    batch.state = rules.after_calculation(
        payable_minor=batch.out_minor,
        limit_minor=thresholds.value_of(APPROVAL_ABOVE),
    )
    if batch.state == BatchState.PAID:
        batch.finished_at = batch.calculated_at
    batch.save()
    merchant = batch.merchant
    merchant.settled_until = batch.closes_at
    merchant.save(update_fields=["settled_until"])
    if collect_debt(merchant):
        watch_debt(merchant)
    add_event(
        topic="settlement.settled",
        aggregate_id=batch.id,
        payload={"batch_id": str(batch.id), "payable_minor": batch.payable_minor},
    )
    return batch


def _store(batch: SettlementBatch, rules_of: FeeRules) -> None:
    """Write the batch's lines: its sales as one set, the rest after them."""
    merchant = batch.merchant
    refunds = unsettled_refunds(merchant, reach(batch))
    sales = unsettled_sales(merchant, reach(batch))
    store_sales(batch, sales, rules_of)
    store_lines(batch, collect_lines(batch, sales, refunds, rules_of))


def _set_aside(batch: SettlementBatch) -> None:
    """Keep back what may still be split of the day, and let earlier days' sums go."""
    merchant = batch.merchant
    days = timedelta(days=settings.SAOMA_SPLIT_DAYS)
    last = rules.business_day(
        batch.business_date + days, zone=merchant.zone, cutoff_hour=merchant.cutoff_hour
    )
    batch.released_minor = release_sums(merchant, until=batch.closes_at)
    batch.aside_minor = set_money_aside(
        merchant,
        queries.payment_ids_of(batch),
        payable_minor=batch.payable_minor,
        until=last.closes_at,
    )


def _decide(batch: SettlementBatch) -> Movement:
    """Fill in the batch's sums from its lines; returns what its journal moves."""
    before = queries.calculated_before(batch)
    batch.brought_minor = before.carried_minor if before else 0
    by_kind = queries.line_sums(batch)
    sums = rules.totals(by_kind)
    move = rules.movement(
        claim_minor=rules.pending_claim(by_kind, brought_minor=batch.brought_minor),
        fee_minor=sums.fee_minor,
        funds=_funds(batch),
    )
    batch.payment_count = sums.payment_count
    batch.refund_count = sums.refund_count
    batch.gross_minor = sums.gross_minor
    batch.refunded_minor = sums.refunded_minor
    batch.split_minor = sums.split_minor
    batch.split_back_minor = sums.split_back_minor
    batch.fee_minor = sums.fee_minor
    batch.net_minor = sums.net_minor
    batch.carried_minor = move.carried_minor
    batch.taken_minor = rules.taken_elsewhere(by_kind)
    batch.covered_minor = move.payable_debit_minor + move.receivable_debit_minor
    batch.receivable_minor = move.receivable_minor
    batch.pending_minor = move.pending_minor
    batch.payable_minor = move.payable_minor
    return move


def _funds(batch: SettlementBatch) -> Funds:
    pending, payable, receivable = accounts_of(batch.merchant)
    return Funds(
        pending_minor=balance(pending).available_minor,
        payable_minor=balance(payable).available_minor,
        owed_minor=balance(receivable).posted_minor,
    )


def _post(batch: SettlementBatch, move: Movement) -> uuid.UUID | None:
    """Post the batch's one journal; a day that moves nothing has none."""
    lines = tuple(_journal_lines(batch, move))
    if not lines:
        return None
    return post_journal(
        Draft(
            key=f"settle:{batch.id}",
            kind="settlement",
            lines=lines,
            posted_at=clock.now(),
            business_date=batch.business_date,
            reference=str(batch.id),
            narrative=f"settlement of {batch.business_date}",
        )
    )


def _journal_lines(batch: SettlementBatch, move: Movement) -> Iterator[Line]:
    pending, payable, receivable = accounts_of(batch.merchant)
    revenue = account_id(queries.REVENUE)
    for make, account, amount_minor in (
        (debit, pending, move.pending_minor),
        (debit, revenue, move.fee_back_minor),
        (debit, payable, move.payable_debit_minor),
        (debit, receivable, move.receivable_debit_minor),
        (credit, revenue, move.fee_minor),
        (credit, receivable, move.receivable_minor),
        (credit, payable, move.payable_minor),
    ):
        if amount_minor:
            yield make(account, amount_minor, batch.currency)
