"""Take a withdrawal's money out of the wallet and instruct the bank."""

from datetime import timedelta

from config.kernel import clock, transactions
from config.kernel.outbox import writes as outbox
from wallet.accounts import rules
from wallet.accounts.models import BankInstruction, WalletUser, Withdrawal
from wallet.accounts.values import WITHDRAWAL_MOVES, BankKind, WithdrawalState
from wallet.ledger.usecases.capture_hold import capture_hold
from wallet.ledger.usecases.open_account import open_system_account
from wallet.ledger.usecases.place_hold import place_hold
from wallet.ledger.usecases.post_journals import post_journal
from wallet.ledger.values import Draft, credit, debit

REVIEW_LIFE = timedelta(days=30)


def submit_withdrawal(withdrawal: Withdrawal, user: WalletUser) -> None:
    """Debit `user:…:available`, credit `bank:payout_in_transit`, and write the instruction.

    Money held for a review is captured. Part of the caller's transaction, in which the
    withdrawal is locked or new.

    Raises:
        InvalidState: the withdrawal has been submitted or is over.
        InsufficientFunds, AccountFrozen: the ledger refuses.
        HoldSettled: the hold of a review has run out.
    """
    transactions.require()
    rules.check_move(WITHDRAWAL_MOVES, WithdrawalState(withdrawal.state), WithdrawalState.SUBMITTED)
    now = clock.now()
    draft = Draft(
        key=f"withdrawal:{withdrawal.id}",
        kind="withdrawal",
        lines=(
            debit(user.available_account_id, withdrawal.amount_minor, withdrawal.currency),
            credit(
                open_system_account("bank:payout_in_transit"),
                withdrawal.amount_minor,
                withdrawal.currency,
            ),
        ),
        posted_at=now,
        business_date=clock.house_day(),
        reference=f"withdrawal:{withdrawal.id}",
        narrative="Withdrawal to bank",
    )
    if withdrawal.hold_id is None:
        post_journal(draft)
    else:
        capture_hold(hold_id=withdrawal.hold_id, draft=draft)
    withdrawal.state, withdrawal.submitted_at = WithdrawalState.SUBMITTED, now
    withdrawal.save(update_fields=["state", "submitted_at"])
    BankInstruction.objects.create(
        kind=BankKind.WITHDRAWAL,
        subject_id=withdrawal.id,
        amount_minor=withdrawal.amount_minor,
        currency=withdrawal.currency,
        due_at=now,
    )
    write_state_event(withdrawal)


def hold_for_review(withdrawal: Withdrawal, user: WalletUser) -> None:
    """Hold the money of a large withdrawal until an operator decides, 30 days at most.

    Part of the caller's transaction.

    Raises:
        InsufficientFunds, AccountFrozen: the ledger refuses.
    """
    transactions.require()
    rules.check_move(WITHDRAWAL_MOVES, WithdrawalState(withdrawal.state), WithdrawalState.REVIEW)
    withdrawal.hold_id = place_hold(
        key=f"withdrawal:{withdrawal.id}",
        account_id=user.available_account_id,
        amount_minor=withdrawal.amount_minor,
        expires_at=clock.now() + REVIEW_LIFE,
        reference=f"withdrawal:{withdrawal.id}",
    )
    withdrawal.state = WithdrawalState.REVIEW
    withdrawal.save(update_fields=["state", "hold_id"])
    write_state_event(withdrawal)


def write_state_event(withdrawal: Withdrawal) -> None:
    """Write the withdrawal's present state to the outbox: `withdrawal.submitted` and so on."""
    outbox.add(
        topic=f"withdrawal.{withdrawal.state.lower()}",
        aggregate_id=withdrawal.id,
        payload={
            "withdrawal_id": str(withdrawal.id),
            "amount_minor": withdrawal.amount_minor,
            "currency": withdrawal.currency,
            "user_id": str(withdrawal.user_id),
            "moved_at": clock.now().isoformat(),
        },
    )
