"""Make the payout of a calculated batch."""

import uuid

from config.kernel import clock, transactions
from merchants.exposure.usecases.collect_debt import collect_debt
from merchants.payouts import queries, rules
from merchants.payouts.models import Payout
from merchants.payouts.usecases.handle_case import close_cases
from merchants.payouts.values import CaseKind, PayoutState
from merchants.settlement.accounts import accounts_of
from merchants.settlement.models import SettlementBatch
from merchants.settlement.usecases.lock_batch import lock_batch
from merchants.settlement.usecases.mark_batch import mark_batch
from merchants.settlement.values import BatchState
from merchants.splits.queries import set_aside_for
from merchants.terms.queries import is_on_hold
from wallet.public import Draft, account_id, balance, credit, debit, post_journal

IN_TRANSIT = "bank:payout_in_transit"


@transactions.atomic_retry
def create_payout(*, batch_id: uuid.UUID) -> Payout | None:
    """Set a batch's money aside for the bank and write the payout down.

    The money leaves merchant:payable now, so that nothing else can take it before the
    bank has it. What the merchant owes is taken from it first. A batch that has a payout
    already gets no second one; where refunds or debts have taken all there was, there is
    nothing to pay and the batch is PAID.

    Returns:
        The batch's live payout, or None if nothing is left to pay.

    Raises:
        BatchNotFound: there is no such batch.
        BatchStateForbids: it is not calculated, or waits for approval.
        rules.PayoutHeld: the merchant's payouts are on hold.
        rules.PayoutStopped: the merchant is suspended; the batch waits.
        InsufficientFunds: a refund took the money between looking and posting.

    Locks: the merchant, the batch, then the ledger accounts.
    """
    batch = lock_batch(batch_id)
    live = queries.live_payout(batch_id)
    if live is not None or batch.state == BatchState.PAID:
        return live
    on_hold = is_on_hold(batch.merchant_id)
    rules.check_payable(batch.merchant.state, on_hold=on_hold)
    collect_debt(batch.merchant)
    payable_id = accounts_of(batch.merchant).payable
    kept_minor = set_aside_for(batch.merchant_id)
    amount_minor = rules.payout_amount(
        payable_minor=batch.out_minor,
        available_minor=balance(payable_id).available_minor - kept_minor,
    )
    netted_minor = batch.out_minor - amount_minor
    if amount_minor == 0:
        mark_batch(batch_id=batch_id, state=BatchState.PAYING, netted_minor=netted_minor)
        mark_batch(batch_id=batch_id, state=BatchState.PAID)
        return None
    for earlier in Payout.objects.filter(batch=batch):
        close_cases(earlier, CaseKind.RETURNED, CaseKind.RECALLED)
    mark_batch(batch_id=batch_id, state=BatchState.PAYING, netted_minor=netted_minor)
    return _set_aside(batch, payable_id, amount_minor)


def _set_aside(batch: SettlementBatch, payable_id: uuid.UUID, amount_minor: int) -> Payout:
    attempt = Payout.objects.filter(batch=batch).count() + 1
    journal_id = post_journal(
        Draft(
            key=f"payout:{batch.id}:{attempt}:out",
            kind="payout",
            lines=(
                debit(payable_id, amount_minor, batch.currency),
                credit(account_id(IN_TRANSIT), amount_minor, batch.currency),
            ),
            posted_at=clock.now(),
            business_date=batch.business_date,
            reference=str(batch.id),
            narrative=f"payout of {batch.business_date}, attempt {attempt}",
        )
    )
    merchant = batch.merchant
    return Payout.objects.create(
        batch=batch,
        merchant=merchant,
        attempt=attempt,
        amount_minor=amount_minor,
        currency=batch.currency,
        state=PayoutState.CREATED,
        bank=merchant.payout_bank,
        bank_account=merchant.payout_account,
        holder=merchant.payout_holder,
        out_journal_id=journal_id,
    )
