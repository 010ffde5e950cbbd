"""Decide a large withdrawal that waits for a review."""

import uuid
from typing import cast

from config.kernel import clock, transactions
from config.kernel.approvals import targets
from config.kernel.audit import chain as audit
from config.kernel.errors import invariant
from wallet.accounts import queries, rules
from wallet.accounts.models import Withdrawal
from wallet.accounts.usecases.submit_withdrawal import submit_withdrawal, write_state_event
from wallet.accounts.values import WITHDRAWAL_MOVES, WithdrawalState
from wallet.ledger.usecases.release_hold import release_hold


def withdrawal_target(withdrawal_id: uuid.UUID) -> str:
    """A withdrawal as the approvals' requests name it."""
    return f"withdrawal:{withdrawal_id}"


@transactions.atomic_retry
def approve_withdrawal(*, withdrawal_id: uuid.UUID, actor: str, reason: str) -> Withdrawal:
    """Let a withdrawal in REVIEW go to the bank. Operators reach this through an approval.

    Raises:
        InvalidState: it is not in REVIEW.
        AccountFrozen, HoldSettled: the ledger refuses; reject it then.
        ObjectUnknown: there is no such withdrawal.

    Locks: the withdrawal, its hold, ledger accounts, the audit chain.
    """
    withdrawal = _in_review(withdrawal_id, WithdrawalState.SUBMITTED)
    submit_withdrawal(withdrawal, queries.user(withdrawal.user_id))
    _record("accounts.approve_withdrawal", withdrawal, actor, reason)
    return withdrawal


@transactions.atomic_retry
def reject_withdrawal(*, withdrawal_id: uuid.UUID, actor: str, reason: str) -> Withdrawal:
    """Give the held money of a withdrawal in REVIEW back to the wallet.

    Raises:
        InvalidState: it is not in REVIEW.
        ObjectUnknown: there is no such withdrawal.

    Locks: the withdrawal's version, it, its hold, the ledger account, the audit chain.
    """
    targets.moved(withdrawal_target(withdrawal_id), actor=actor)
    withdrawal = _in_review(withdrawal_id, WithdrawalState.RETURNED)
    invariant(withdrawal.hold_id is not None, "a withdrawal in review has its money held")
    release_hold(hold_id=cast("uuid.UUID", withdrawal.hold_id))
    withdrawal.state = WithdrawalState.RETURNED
    withdrawal.reason = "review_rejected"
    withdrawal.finished_at = clock.now()
    withdrawal.save(update_fields=["state", "reason", "finished_at"])
    write_state_event(withdrawal)
    _record("accounts.reject_withdrawal", withdrawal, actor, reason)
    return withdrawal


def _in_review(withdrawal_id: uuid.UUID, target: WithdrawalState) -> Withdrawal:
    withdrawal = queries.own(Withdrawal.objects.select_for_update().filter(id=withdrawal_id))
    if withdrawal.state != WithdrawalState.REVIEW:
        raise rules.InvalidState(state=withdrawal.state, target=target.value)
    rules.check_move(WITHDRAWAL_MOVES, WithdrawalState.REVIEW, target)
    return withdrawal


def _record(action: str, withdrawal: Withdrawal, actor: str, reason: str) -> None:
    audit.record(
        action=action,
        actor=actor,
        target=f"withdrawal:{withdrawal.id}",
        purpose=reason,
        before={"state": WithdrawalState.REVIEW},
        after={"state": withdrawal.state},
    )
