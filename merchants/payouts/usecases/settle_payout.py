"""Act on the bank's word about a payout."""

import logging
import uuid

from config.kernel import clock, transactions
from config.kernel.outbox.writes import add as add_event
from merchants.payouts import queries, rules
from merchants.payouts.models import Payout
from merchants.payouts.usecases.create_payout import IN_TRANSIT
from merchants.payouts.usecases.lock_payout import lock_payout
from merchants.payouts.values import BankResult, Disposition, PayoutState
from merchants.settlement.usecases.lock_batch import lock_batch
from merchants.settlement.usecases.mark_batch import mark_batch
from merchants.settlement.usecases.merchant_accounts import accounts_of
from merchants.settlement.values import BatchState
from wallet.public import Draft, account_id, credit, debit, post_journal

log = logging.getLogger(__name__)
CUSTODIAN = "asset:custodian_bank"


@transactions.atomic_retry
def settle_payout(*, payout_id: uuid.UUID, result: BankResult, reason: str = "") -> Disposition:
    """Finish a payout as the bank says: paid, or sent back.

    Paid money leaves the custodian account; returned money goes back to merchant:payable
    and the batch waits, PART_FAILED, for another try. The bank may say the same twice;
    where it takes its word back nothing moves: that is for reconciliation and for people,
    and the answer is kept as CONTRADICTED.

    Raises:
        PayoutNotFound: there is no such payout.
        rules.PayoutStateForbids: the bank has not been given it yet.

    Locks: the merchant, the batch, the payout, then the ledger accounts.
    """
    lock_batch(queries.payout(payout_id).batch_id)
    payout = lock_payout(payout_id)
    verdict = rules.disposition(payout.state, result)
    if verdict is Disposition.CONTRADICTED:
        log.error("the bank contradicts itself", extra={"payout_id": str(payout_id)})
    if verdict is not Disposition.APPLIED:
        return verdict
    paid = result is BankResult.PAID
    payout.state = rules.check_transition(payout.state, PayoutState(result.value))
    payout.end_journal_id = _post_end(payout, paid=paid)
    payout.finished_at = clock.now()
    payout.reason = reason
    payout.save(update_fields=["state", "end_journal_id", "finished_at", "reason"])
    mark_batch(batch_id=payout.batch_id, state=BatchState.PAID if paid else BatchState.PART_FAILED)
    add_event(
        topic="payout.paid" if paid else "payout.returned",
        aggregate_id=payout.id,
        payload={
            "payout_id": str(payout.id),
            "batch_id": str(payout.batch_id),
            "amount_minor": payout.amount_minor,
        },
    )
    return verdict


def _post_end(payout: Payout, *, paid: bool) -> uuid.UUID:
    payable_id = accounts_of(payout.merchant).payable
    return post_journal(
        Draft(
            key=f"payout:{payout.batch_id}:{payout.attempt}:{'paid' if paid else 'returned'}",
            kind="payout_paid" if paid else "payout_returned",
            lines=(
                debit(account_id(IN_TRANSIT), payout.amount_minor, payout.currency),
                credit(
                    account_id(CUSTODIAN) if paid else payable_id,
                    payout.amount_minor,
                    payout.currency,
                ),
            ),
            posted_at=clock.now(),
            business_date=payout.batch.business_date,
            reference=str(payout.batch_id),
            narrative=f"payout {'paid' if paid else 'returned'} by the bank",
        )
    )
