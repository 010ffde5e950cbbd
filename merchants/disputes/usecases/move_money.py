"""Move a dispute's amount from and to the merchant."""

import uuid
from collections.abc import Sequence

from config.kernel import clock, transactions
from config.kernel.errors import required
from config.kernel.outbox.writes import add as add_event
from merchants.disputes.models import Dispute
from merchants.exposure.queries import accounts_of
from merchants.exposure.usecases.collect_debt import collect_debt
from merchants.exposure.usecases.cover_refund import cover_refund
from merchants.onboarding.models import Merchant
from merchants.onboarding.usecases.open_balance import open_balance
from merchants.terms.queries import today_of
from wallet import public as wallet


def reserve_disputed(row: Dispute, merchant: Merchant) -> None:
    """Debit what the merchant owes us, credit its reserve; its settled money repays at once.

    What is not settled yet repays at its settlement, as every debt does. Part of the
    caller's transaction, which holds the merchant's row.

    Locks: the ledger accounts.
    """
    transactions.require()
    amount, currency = row.amount_minor, row.currency
    accounts = accounts_of(merchant)
    _post(
        row,
        merchant,
        (
            wallet.debit(accounts.receivable, amount, currency),
            wallet.credit(_reserve(merchant), amount, currency),
        ),
    )
    collect_debt(merchant)


def return_reserve(row: Dispute, merchant: Merchant) -> None:
    """Take the amount out of the reserve: against the merchant's debt, the rest to its balance.

    Part of the caller's transaction, which holds the merchant's row.

    Locks: the ledger accounts.
    """
    transactions.require()
    receivable = accounts_of(merchant).receivable
    owed_minor = min(row.amount_minor, wallet.balance(receivable).posted_minor)
    parts = (
        (receivable, owed_minor),
        (open_balance(merchant), row.amount_minor - owed_minor),
    )
    _post(
        row,
        merchant,
        (
            wallet.debit(_reserve(merchant), row.amount_minor, row.currency),
            *(wallet.credit(account, part, row.currency) for account, part in parts if part),
        ),
    )


def refund_buyer(row: Dispute) -> None:
    """Refund what is disputed and has not been refunded meanwhile, by an ordinary refund.

    Where the merchant's money and its credit do not cover it, it owes it beyond its ceiling:
    the buyer does not wait for it.

    Locks: the payment, the merchant, then the ledger accounts.
    """
    trade = wallet.payment(row.payment_id)
    amount = min(row.amount_minor, trade.amount_minor - trade.refunded_minor)
    if amount <= 0:
        return
    wallet.refund_payment(
        payment_id=trade.id,
        request_no=f"dispute-{row.id}",
        amount_minor=amount,
        reason="Dispute decided for the buyer",
        operator="disputes",
        cover=_cover,
    )


def write_event(row: Dispute, topic: str) -> None:
    """Tell whoever listens where the dispute stands."""
    add_event(
        topic=topic,
        aggregate_id=row.id,
        payload={
            "dispute_id": str(row.id),
            "payment_id": str(row.payment_id),
            "merchant_id": str(row.merchant_id),
            "state": row.state,
            "reason": row.reason,
            "amount_minor": row.amount_minor,
            "currency": row.currency,
            "due_at": row.due_at.isoformat() if row.due_at else "",
        },
    )


def _cover(trade: wallet.PaymentView, amount_minor: int) -> Sequence[wallet.Take]:
    try:
        return cover_refund(trade, amount_minor)
    except wallet.PayeeFundsShort:
        merchant = Merchant.objects.get(id=trade.payee_id)
        return [(accounts_of(merchant).receivable, amount_minor)]


def _reserve(merchant: Merchant) -> uuid.UUID:
    return required(merchant.reserve_account_id, "an approved merchant has a reserve")


def _post(row: Dispute, merchant: Merchant, lines: tuple[wallet.Line, ...]) -> None:
    row.postings += 1
    row.save(update_fields=["postings"])
    wallet.post_journal(
        wallet.Draft(
            key=f"dispute:{row.id}:{row.postings}",
            kind="dispute",
            lines=lines,
            posted_at=clock.now(),
            business_date=today_of(merchant),
            reference=row.payment_number,
            narrative=f"dispute {row.state.lower()}",
        )
    )
