"""Act on the bank's word about a payout."""

import uuid

from config.kernel import clock, transactions
from config.kernel.failpoints import failpoint
from config.kernel.outbox.writes import add as add_event
from merchants.payouts import queries, rules
from merchants.payouts.models import Payout
from merchants.payouts.usecases.create_payout import IN_TRANSIT
from merchants.payouts.usecases.handle_case import close_cases, open_case
from merchants.payouts.usecases.lock_payout import lock_payout
from merchants.payouts.values import (
    KNOWN_REASONS,
    BankResult,
    CaseKind,
    Disposition,
    PayoutState,
)
from merchants.settlement.accounts import accounts_of
from merchants.settlement.usecases.lock_batch import lock_batch
from merchants.settlement.usecases.mark_batch import mark_batch
from merchants.settlement.values import BatchState
from wallet.public import Draft, account_id, credit, debit, open_system_account, post_journal

CUSTODIAN = "asset:custodian_bank"
SUSPENSE = "suspense:unmatched"


@transactions.atomic_retry
def settle_payout(
    *,
    payout_id: uuid.UUID,
    result: BankResult,
    reason: str = "",
    amount_minor: int | None = None,
    currency: str = "",
) -> Disposition:
    """Finish a payout as the bank says: paid, sent back, or taken back after it was paid.

    Paid money leaves the custodian account; money that comes back is the merchant's again and
    the batch waits, PART_FAILED, for another try. Taken back for a reason we do not know it
    stands in suspense until two operators decide. The bank may say the same twice. Where it
    speaks of another amount, or pays what it had sent back, nothing moves. Whatever is not
    plain payment opens a case.

    Args:
        payout_id: the payout.
        result: what the bank says.
        reason: why it came back, in the bank's words or code.
        amount_minor: what it says it moved, in minor units; None: all of it.
        currency: of that amount.

    Raises:
        PayoutNotFound: there is no such payout.
        rules.PayoutStateForbids: the bank has not been given it yet.

    Locks: the merchant, the batch, the payout, then the ledger accounts.
    """
    lock_batch(queries.payout(payout_id).batch_id)
    payout = lock_payout(payout_id)
    verdict = rules.disposition(payout.state, result)
    if amount_minor is not None and (amount_minor, currency) != (
        payout.amount_minor,
        payout.currency,
    ):
        verdict = Disposition.MISMATCHED
    if verdict in {Disposition.MISMATCHED, Disposition.CONTRADICTED}:
        open_case(payout, CaseKind(verdict.value), reason=reason)
    elif verdict is Disposition.RECALLED:
        _recall(payout, reason)
    elif verdict is Disposition.APPLIED:
        _finish(payout, result, reason)
    failpoint("payouts.before_answer_commits")
    return verdict


def _finish(payout: Payout, result: BankResult, reason: str) -> None:
    paid = result is BankResult.PAID
    payout.end_journal_id = _post_end(payout, paid=paid)
    payout.state = rules.check_transition(payout.state, PayoutState(result.value))
    payout.finished_at = clock.now()
    payout.reason = reason
    payout.save(update_fields=["state", "end_journal_id", "finished_at", "reason"])
    close_cases(payout, CaseKind.OVERDUE)
    if not paid:
        open_case(payout, CaseKind.RETURNED, reason=reason)
    mark_batch(batch_id=payout.batch_id, state=BatchState.PAID if paid else BatchState.PART_FAILED)
    _announce(payout, "payout.paid" if paid else "payout.returned")


def _recall(payout: Payout, reason: str) -> None:
    is_known_reason = reason in KNOWN_REASONS
    taker = (
        accounts_of(payout.merchant).payable if is_known_reason else open_system_account(SUSPENSE)
    )
    payout.recall_journal_id = _post(payout, "recalled", account_id(CUSTODIAN), taker)
    payout.state = rules.check_transition(payout.state, PayoutState.RECALLED)
    payout.reason = reason
    payout.save(update_fields=["state", "recall_journal_id", "reason"])
    open_case(payout, CaseKind.RECALLED, reason=reason, in_suspense=not is_known_reason)
    if is_known_reason:
        mark_batch(batch_id=payout.batch_id, state=BatchState.PART_FAILED)
    _announce(payout, "payout.recalled")


def _post_end(payout: Payout, *, paid: bool) -> uuid.UUID:
    is_overdue = payout.state == PayoutState.OVERDUE
    giver = account_id(SUSPENSE if is_overdue else IN_TRANSIT)
    taker = account_id(CUSTODIAN) if paid else accounts_of(payout.merchant).payable
    return _post(payout, "paid" if paid else "returned", giver, taker)


def _post(payout: Payout, step: str, giver: uuid.UUID, taker: uuid.UUID) -> uuid.UUID:
    return post_journal(
        Draft(
            key=f"payout:{payout.batch_id}:{payout.attempt}:{step}",
            kind=f"payout_{step}",
            lines=(
                debit(giver, payout.amount_minor, payout.currency),
                credit(taker, payout.amount_minor, payout.currency),
            ),
            posted_at=clock.now(),
            business_date=payout.batch.business_date,
            reference=str(payout.batch_id),
            narrative=f"payout {step} by the bank",
        )
    )


def _announce(payout: Payout, topic: str) -> None:
    add_event(
        topic=topic,
        aggregate_id=payout.id,
        payload={
            "payout_id": str(payout.id),
            "batch_id": str(payout.batch_id),
            "amount_minor": payout.amount_minor,
        },
    )


@transactions.atomic_retry
def flag_overdue(*, payout_id: uuid.UUID) -> Payout:
    """Mark a payout whose answer did not come in time; its money stands in suspense meanwhile.

    Marking it again, or when the answer has come, changes nothing.

    Raises:
        PayoutNotFound: there is no such payout.

    Locks: the payout, then the ledger accounts.
    """
    payout = lock_payout(payout_id)
    if payout.state != PayoutState.SUBMITTED:
        return payout
    _post(payout, "overdue", account_id(IN_TRANSIT), open_system_account(SUSPENSE))
    payout.state = rules.check_transition(payout.state, PayoutState.OVERDUE)
    payout.save(update_fields=["state"])
    open_case(payout, CaseKind.OVERDUE, in_suspense=True)
    return payout
