"""Move the money of a split."""

import uuid

from config.kernel import clock, transactions
from config.kernel.outbox.writes import add as add_event
from merchants.exposure.queries import accounts_of
from merchants.exposure.usecases.collect_debt import collect_debt
from merchants.onboarding.queries import merchant_for_money
from merchants.splits import rules
from merchants.splits.models import Split, SplitShare
from merchants.splits.queries import split_sources
from merchants.splits.usecases.set_money_aside import finish_set_aside, use_set_aside
from merchants.splits.values import SplitState
from merchants.terms.queries import today_of
from wallet.public import (
    AccountClosed,
    Draft,
    InsufficientFunds,
    credit,
    debit,
    payment,
    post_journal,
)


def move_shares(split: Split) -> None:
    """Debit the merchant and credit each payee, one journal a share, and end the split DONE.

    Raises:
        SplitFundsShort: the merchant's money, less what it owes us, does not cover them.
        SplitPayeeUnknown: a payee has closed the wallet.

    Locks: the merchant, then the ledger accounts; the caller holds the payment.
    """
    transactions.require()
    now = clock.now()
    merchant = merchant_for_money(split.merchant_id)
    sources = split_sources(merchant, payment(split.payment_id))
    covered_minor = sum(sources.values())
    if covered_minor < split.amount_minor:
        raise rules.SplitFundsShort(field="amount", available_minor=covered_minor)
    collect_debt(merchant)
    payable_id = accounts_of(merchant).payable
    payable_minor = sources.get(payable_id, 0)
    for share in split.shares.order_by("id"):
        share.journal_id = _post(split, share, sources)
        share.moved_at = now
        share.save(update_fields=["journal_id", "moved_at"])
    use_set_aside(split.payment_id, payable_minor - sources.get(payable_id, 0))
    split.state, split.ended_at = SplitState.DONE, now
    split.save(update_fields=["state", "ended_at"])
    finish_set_aside(payment(split.payment_id))
    write_end_event(split)


def write_end_event(split: Split) -> None:
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


def _post(split: Split, share: SplitShare, sources: dict[uuid.UUID, int]) -> uuid.UUID:
    parts = rules.spread(share.amount_minor, list(sources.values()))
    lines = []
    for account_id, part in zip(list(sources), parts, strict=True):
        sources[account_id] -= part
        if part:
            lines.append(debit(account_id, part, share.currency))
    lines.append(credit(share.account_id, share.amount_minor, share.currency))
    try:
        return post_journal(
            Draft(
                key=f"split:{share.id}",
                kind="split",
                lines=tuple(lines),
                posted_at=clock.now(),
                business_date=today_of(split.merchant),
                reference=split.trade_number,
                narrative=share.description[:200],
            )
        )
    except InsufficientFunds as error:
        raise rules.SplitFundsShort(field="amount") from error
    except AccountClosed as error:
        raise rules.SplitPayeeUnknown(field="trans_in") from error
