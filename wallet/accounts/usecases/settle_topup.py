"""Bring a top-up to its end by the bank's word."""

import uuid

from config.kernel import clock, transactions
from config.kernel.outbox import writes as outbox
from wallet.accounts import queries, rules
from wallet.accounts.models import Topup, WalletUser
from wallet.accounts.usecases.park_money import park_money
from wallet.accounts.values import TOPUP_MOVES, BankResult, Disposition, TopupState, UserState
from wallet.ledger.usecases.open_account import open_system_account
from wallet.ledger.usecases.post_journals import post_journal
from wallet.ledger.values import Draft, credit, debit


@transactions.atomic_retry
def settle_topup(
    *, subject_id: uuid.UUID, result: BankResult, reason: str = ""
) -> tuple[Disposition, uuid.UUID | None]:
    """Credit the wallet, or mark the top-up failed; once, however often the bank says so.

    Postings: success debits `asset:custodian_bank` and credits `user:…:available`. Money
    that arrives after the top-up failed or expired, or after the account was closed, is
    ours to give back, not to keep and not to lose: it goes to `suspense:unmatched`
    (disposition LATE). A refusal after a success changes nothing and is left to an
    operator (CONTRADICTED).

    Args:
        subject_id: the top-up.
        result: the bank's word.
        reason: the bank's code for a failure.

    Returns:
        What was done, and the journal if one was posted.

    Raises:
        ObjectUnknown: there is no such top-up.

    Locks: the top-up, then ledger accounts.
    """
    topup = queries.own(Topup.objects.select_for_update().filter(id=subject_id))
    state = TopupState(topup.state)
    if result == BankResult.SUCCEEDED:
        return _money_came(topup, state)
    if state == TopupState.SUCCEEDED:
        return Disposition.CONTRADICTED, None
    if state in (TopupState.FAILED, TopupState.EXPIRED):
        return Disposition.REPEATED, None
    _end(topup, TopupState.FAILED, reason=reason)
    return Disposition.APPLIED, None


def _money_came(topup: Topup, state: TopupState) -> tuple[Disposition, uuid.UUID | None]:
    if state == TopupState.SUCCEEDED:
        return Disposition.REPEATED, None
    user = WalletUser.objects.get(id=topup.user_id)
    if state in (TopupState.FAILED, TopupState.EXPIRED) or user.state == UserState.CLOSED:
        parked = park_money(
            key=f"topup-late:{topup.id}",
            amount_minor=topup.amount_minor,
            currency=topup.currency,
            reference=f"topup:{topup.id}",
        )
        return Disposition.LATE, parked
    topup.journal_id = post_journal(
        Draft(
            key=f"topup:{topup.id}",
            kind="topup",
            lines=(
                debit(
                    open_system_account("asset:custodian_bank"), topup.amount_minor, topup.currency
                ),
                credit(user.available_account_id, topup.amount_minor, topup.currency),
            ),
            posted_at=clock.now(),
            business_date=clock.house_day(),
            reference=f"topup:{topup.id}",
            narrative="Top-up from bank",
        )
    )
    _end(topup, TopupState.SUCCEEDED)
    return Disposition.APPLIED, topup.journal_id


def _end(topup: Topup, target: TopupState, *, reason: str = "") -> None:
    rules.check_move(TOPUP_MOVES, TopupState(topup.state), target)
    topup.state, topup.reason, topup.finished_at = target, reason, clock.now()
    topup.save(update_fields=["state", "reason", "finished_at", "journal_id"])
    outbox.add(
        topic=f"topup.{target.lower()}",
        aggregate_id=topup.id,
        payload={
            "topup_id": str(topup.id),
            "amount_minor": topup.amount_minor,
            "currency": topup.currency,
        },
    )
