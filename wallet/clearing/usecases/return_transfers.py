"""Give the payer back what the other unit has refused, once."""

from datetime import datetime

from config.kernel import transactions
from config.kernel.claims import claim, in_batches
from config.kernel.failpoints import failpoint
from wallet.accounts.usecases.consume_limit import restore_limit
from wallet.clearing import queries
from wallet.clearing.models import OutgoingTransfer
from wallet.clearing.usecases.clearing_account import clearing_account
from wallet.clearing.usecases.pay_across import tell
from wallet.clearing.values import OutgoingState
from wallet.ledger.usecases.post_journals import move_money

BATCH = 50


def return_transfers(*, now: datetime) -> int:
    """Return every refused transfer; returns how many. Safe beside other workers and twice.

    The payer's wallet is there: what is open keeps it from being closed, and a frozen one
    takes money in.
    """
    return in_batches(_return_batch, now)


@transactions.atomic_retry
def _return_batch(now: datetime) -> int:
    batch = claim(queries.refused(), BATCH)
    for transfer in batch:
        _return(transfer, now)
    failpoint("clearing.before_return_commits")
    return len(batch)


def _return(transfer: OutgoingTransfer, at: datetime) -> None:
    clearing_id = clearing_account(transfer.unit, transfer.payee_unit)
    transfer.return_journal_id = move_money(
        key=f"clearing:{transfer.id}:back",
        kind="clearing.returned",
        debited=clearing_id,
        credited=transfer.payer_account_id,
        amount_minor=transfer.amount_minor,
        currency=transfer.currency,
        at=at,
        reference=transfer.reference,
    )
    transfer.state, transfer.due_at = OutgoingState.RETURNED, None
    transfer.save(update_fields=["state", "due_at", "return_journal_id"])
    restore_limit(
        user_id=transfer.payer_id, amount_minor=transfer.amount_minor, paid_at=transfer.created_at
    )
    tell("clearing.returned", transfer.id)
