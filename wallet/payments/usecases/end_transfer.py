"""End delayed transfers: called back by the payer, arrived, or returned."""

import uuid
from datetime import datetime

from django.db import transaction

from config.kernel import clock, transactions
from config.kernel.claims import claim, in_batches
from config.kernel.errors import Conflict
from wallet.accounts import queries as accounts
from wallet.accounts.usecases.consume_limit import restore_limit
from wallet.accounts.values import UserState
from wallet.ledger.rules import AccountClosed, AccountFrozen, HoldSettled
from wallet.ledger.usecases.release_hold import release_hold
from wallet.payments import queries
from wallet.payments.models import Transfer
from wallet.payments.usecases.move_transfer import move, tell
from wallet.payments.values import TransferOutcome, TransferState

BATCH = 50


class TransferEnded(Conflict):
    """The transfer has arrived, or has gone back: nothing is left to call back."""

    code = "transfer_ended"
    message = "This transfer can no longer be called back."


@transactions.atomic_retry
def cancel_transfer(*, payer_id: uuid.UUID, transfer_id: uuid.UUID) -> TransferOutcome:
    """Call a delayed transfer back before it arrives; again gives it again.

    Raises:
        TransferUnknown: the caller has sent no such transfer.
        TransferEnded: it has arrived, or was returned.

    Locks: the transfer, the payer's ledger account, then the person's limit usage.
    """
    transfer = queries.transfer_of_payer(payer_id=payer_id, transfer_id=transfer_id)
    if transfer.state == TransferState.CANCELLED:
        return TransferOutcome(queries.transfer_view(transfer), changed=False)
    now = clock.now()
    if transfer.state != TransferState.DELAYED or transfer.due_at is None or now >= transfer.due_at:
        raise TransferEnded(transfer_id=str(transfer.id), state=transfer.state)
    _give_back(transfer, TransferState.CANCELLED, now)
    return TransferOutcome(queries.transfer_view(transfer), changed=True)


def deliver_transfers(*, now: datetime) -> int:
    """Let every transfer arrive whose pause is over by `now`; returns how many ended.

    What can no longer move, because a side is frozen or closed, goes back to the payer.
    Safe beside other workers and safe twice: each batch claims its rows.
    """
    return in_batches(_deliver_batch, now)


@transactions.atomic_retry
def _deliver_batch(now: datetime) -> int:
    batch = claim(queries.due_transfers(now), BATCH)
    for transfer in batch:
        try:
            with transaction.atomic():
                _deliver(transfer, now)
        except (AccountFrozen, AccountClosed, HoldSettled):
            _give_back(transfer, TransferState.RETURNED, now)
    return len(batch)


def _deliver(transfer: Transfer, now: datetime) -> None:
    payer, payee = accounts.user(transfer.payer_id), accounts.user(transfer.payee_id)
    states = {payer.state, payee.state}
    if UserState.CLOSED in states:
        raise AccountClosed()
    if UserState.FROZEN in states:
        raise AccountFrozen()
    transfer.state, transfer.due_at, transfer.ended_at = TransferState.SUCCEEDED, None, now
    transfer.save(update_fields=["state", "due_at", "ended_at"])
    move(transfer, payer, payee)


def _give_back(transfer: Transfer, state: TransferState, now: datetime) -> None:
    if transfer.hold_id is not None:
        release_hold(hold_id=transfer.hold_id)
    restore_limit(
        user_id=transfer.payer_id, amount_minor=transfer.amount_minor, paid_at=transfer.created_at
    )
    transfer.state, transfer.due_at, transfer.ended_at = state, None, now
    transfer.save(update_fields=["state", "due_at", "ended_at"])
    tell(
        "transfer.cancelled" if state is TransferState.CANCELLED else "transfer.returned", transfer
    )
