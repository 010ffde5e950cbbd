"""Bring a withdrawal to its end by the bank's word."""

import uuid

from config.kernel import clock, transactions
from wallet.accounts import queries, rules
from wallet.accounts.models import Withdrawal
from wallet.accounts.usecases.submit_withdrawal import write_state_event
from wallet.accounts.values import (
    WITHDRAWAL_MOVES,
    BankResult,
    Disposition,
    WithdrawalState,
)
from wallet.ledger.usecases.open_account import open_system_account
from wallet.ledger.usecases.post_journals import post_journal
from wallet.ledger.values import Draft, credit, debit

ENDS = {
    BankResult.SUCCEEDED: WithdrawalState.PAID,
    BankResult.FAILED: WithdrawalState.RETURNED,
}


@transactions.atomic_retry
def settle_withdrawal(
    *, subject_id: uuid.UUID, result: BankResult, reason: str = ""
) -> tuple[Disposition, uuid.UUID | None]:
    """Mark a withdrawal paid, or return its money; once, however often the bank says so.

    Postings: paid debits `bank:payout_in_transit` and credits `asset:custodian_bank`;
    returned debits `bank:payout_in_transit` and credits `user:…:available`. A word that
    contradicts an earlier one moves nothing and is left to an operator.

    Args:
        subject_id: the withdrawal.
        result: the bank's word.
        reason: the bank's code for a failure.

    Returns:
        What was done, and the journal if one was posted.

    Raises:
        InvalidState: it was never submitted.
        ObjectUnknown: there is no such withdrawal.

    Locks: the withdrawal, then ledger accounts.
    """
    withdrawal = queries.own(Withdrawal.objects.select_for_update().filter(id=subject_id))
    state, target = WithdrawalState(withdrawal.state), ENDS[result]
    if state == target:
        return Disposition.REPEATED, None
    if state in ENDS.values():
        return Disposition.CONTRADICTED, None
    rules.check_move(WITHDRAWAL_MOVES, state, target)
    journal_id = _post(withdrawal, target)
    withdrawal.state, withdrawal.reason = target, reason
    withdrawal.finished_at = clock.now()
    withdrawal.save(update_fields=["state", "reason", "finished_at"])
    write_state_event(withdrawal)
    return Disposition.APPLIED, journal_id


def _post(withdrawal: Withdrawal, target: WithdrawalState) -> uuid.UUID:
    user = queries.user(withdrawal.user_id)
    paid = target == WithdrawalState.PAID
    to_id = open_system_account("asset:custodian_bank") if paid else user.available_account_id
    return post_journal(
        Draft(
            key=f"withdrawal-{target.lower()}:{withdrawal.id}",
            kind=f"withdrawal.{target.lower()}",
            lines=(
                debit(
                    open_system_account("bank:payout_in_transit"),
                    withdrawal.amount_minor,
                    withdrawal.currency,
                ),
                credit(to_id, withdrawal.amount_minor, withdrawal.currency),
            ),
            posted_at=clock.now(),
            business_date=clock.house_day(),
            reference=f"withdrawal:{withdrawal.id}",
            narrative="Withdrawal paid" if paid else "Withdrawal returned by bank",
        )
    )
