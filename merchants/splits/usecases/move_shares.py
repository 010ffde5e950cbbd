"""Move the money of a split."""

import uuid
from collections.abc import Sequence

from config.kernel import clock, transactions
from config.kernel.errors import required
from config.kernel.outbox.writes import add as add_event
from merchants.splits import rules
from merchants.splits.models import Split, SplitShare
from merchants.splits.values import SplitState
from wallet.public import Draft, InsufficientFunds, balance, credit, debit, post_journal


def move_shares(split: Split) -> None:
    """Debit the merchant and credit each payee, one journal a share, and end the split DONE.

    Raises:
        SplitFundsShort: pending and payable together do not cover a share; the caller's
            transaction is rolled back.

    Locks: the ledger accounts; the caller holds the payment.
    """
    transactions.require()
    now = clock.now()
    sources = [
        required(account, "an approved merchant has its accounts")
        for account in (split.merchant.pending_account_id, split.merchant.payable_account_id)
    ]
    for share in split.shares.order_by("id"):
        share.journal_id = _post(split, share, sources)
        share.moved_at = now
        share.save(update_fields=["journal_id", "moved_at"])
    split.state, split.ended_at = SplitState.DONE, now
    split.save(update_fields=["state", "ended_at"])
    tell_of_split(split)


def tell_of_split(split: Split) -> None:
    """Tell whoever listens that a split has reached its end."""
    add_event(
        topic="split.ended",
        aggregate_id=split.id,
        payload={
            "split_id": str(split.id),
            "payment_id": str(split.payment_id),
            "merchant_id": str(split.merchant_id),
            "amount_minor": split.amount_minor,
        },
    )


def _post(split: Split, share: SplitShare, sources: Sequence[uuid.UUID]) -> uuid.UUID:
    held = [balance(account_id).available_minor for account_id in sources]
    taken = rules.spread(share.amount_minor, held)
    if sum(taken) < share.amount_minor:
        raise rules.SplitFundsShort(field="amount")
    lines = [
        debit(account_id, part, share.currency)
        for account_id, part in zip(sources, taken, strict=True)
        if part
    ]
    lines.append(credit(share.account_id, share.amount_minor, share.currency))
    try:
        return post_journal(
            Draft(
                key=f"split:{share.id}",
                kind="split",
                lines=tuple(lines),
                posted_at=clock.now(),
                business_date=clock.today(split.merchant.zone),
                reference=split.trade_number,
                narrative=share.description[:200],
            )
        )
    except InsufficientFunds as error:
        raise rules.SplitFundsShort(field="amount") from error
