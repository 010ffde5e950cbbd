"""Credit what has come from other units, or refuse it: the payee's half, in the payee's books."""

import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Final

from config.kernel import transactions
from config.kernel.claims import claim, in_batches
from config.kernel.failpoints import failpoint
from wallet.clearing import queries
from wallet.clearing.models import IncomingTransfer
from wallet.clearing.usecases.clearing_account import clearing_account
from wallet.clearing.usecases.pay_across import tell
from wallet.clearing.values import IncomingState, RefusalReason
from wallet.ledger.rules import AccountClosed, CurrencyMismatch
from wallet.ledger.usecases.post_journals import move_money

BATCH = 50
# Payee, payer -> the account to be credited, or why there is none.
Directory = Callable[[uuid.UUID, uuid.UUID], uuid.UUID | RefusalReason]
_DIRECTORIES: Final[dict[str, Directory]] = {}


def directory_of_payees(directory: Directory) -> Directory:
    """Register who knows the payees of this unit and the accounts they are credited on.

    The wallet does not know merchants, and another unit knows nobody here: a payee that no
    directory knows is PAYEE_UNKNOWN. It is asked inside the transaction that credits.
    """
    _DIRECTORIES[directory.__qualname__] = directory
    return directory


def credit_transfers(*, now: datetime) -> int:
    """Decide every transfer that has come, each once and for good; returns how many.

    Safe beside other workers and safe twice: each batch claims its rows.
    """
    return in_batches(_credit_batch, now)


@transactions.atomic_retry
def _credit_batch(now: datetime) -> int:
    batch = claim(queries.undecided(), BATCH)
    for transfer in batch:
        transfer.decided_at = now
        account_id = _payee_account(transfer)
        if isinstance(account_id, RefusalReason):
            transfer.reason = account_id
        else:
            _credit(transfer, account_id, now)
        transfer.state = IncomingState.REFUSED if transfer.reason else IncomingState.CREDITED
        transfer.save()
        tell("clearing.decided", transfer.id)
    failpoint("clearing.before_credit_commits")
    return len(batch)


def _payee_account(transfer: IncomingTransfer) -> uuid.UUID | RefusalReason:
    for directory in _DIRECTORIES.values():
        account_id = directory(transfer.payee_id, transfer.payer_id)
        if account_id is not RefusalReason.PAYEE_UNKNOWN:
            return account_id
    return RefusalReason.PAYEE_UNKNOWN


def _credit(transfer: IncomingTransfer, account_id: uuid.UUID, at: datetime) -> None:
    """Post the local journal; what the ledger refuses is refused, and nothing of it stays."""
    clearing_id = clearing_account(transfer.unit, transfer.payer_unit)
    try:
        transfer.journal_id = move_money(
            key=f"clearing:{transfer.id}:in",
            kind="clearing.credited",
            debited=clearing_id,
            credited=account_id,
            amount_minor=transfer.amount_minor,
            currency=transfer.currency,
            at=at,
            reference=transfer.reference,
        )
    except AccountClosed:
        transfer.reason = RefusalReason.PAYEE_CLOSED
    except CurrencyMismatch:
        transfer.reason = RefusalReason.CURRENCY_MISMATCH
