"""Post a transfer's journal and tell of it."""

from config.kernel import clock, transactions
from config.kernel.outbox import writes as outbox
from wallet.accounts.models import WalletUser
from wallet.ledger.usecases.capture_hold import capture_hold
from wallet.ledger.usecases.post_journals import post_journal
from wallet.ledger.values import Draft, credit, debit
from wallet.payments.models import Transfer


def move(transfer: Transfer, payer: WalletUser, payee: WalletUser) -> None:
    """Post a transfer, out of its hold if it has one, and tell that it has arrived.

    Raises:
        InsufficientFunds, AccountFrozen, AccountClosed: as `post_journal`.

    Locks: both ledger accounts in id order, then the hold. Part of the caller's transaction.
    """
    transactions.require()
    at = clock.now()
    draft = Draft(
        key=f"transfer:{transfer.id}",
        kind="transfer",
        lines=(
            debit(payer.available_account_id, transfer.amount_minor, transfer.currency),
            credit(payee.available_account_id, transfer.amount_minor, transfer.currency),
        ),
        posted_at=at,
        business_date=clock.house_day(at),
        reference=transfer.number,
        narrative=transfer.note,
    )
    transfer.journal_id = (
        capture_hold(hold_id=transfer.hold_id, draft=draft)
        if transfer.hold_id
        else post_journal(draft)
    )
    transfer.save(update_fields=["journal_id"])
    tell("transfer.succeeded", transfer)


def tell(topic: str, transfer: Transfer) -> None:
    """Write the event of what has become of a transfer."""
    outbox.add(
        topic=topic,
        aggregate_id=transfer.id,
        payload={
            "transfer_id": str(transfer.id),
            "payer_id": str(transfer.payer_id),
            "payee_id": str(transfer.payee_id),
            "amount_minor": transfer.amount_minor,
            "currency": transfer.currency,
            "moved_at": (transfer.ended_at or transfer.created_at).isoformat(),
        },
    )
