"""Act on a stored bank callback, once."""

import uuid
from datetime import datetime

from config.kernel import clock, transactions
from config.kernel.failpoints import failpoint
from wallet.accounts import queries
from wallet.accounts.models import BankCallback, BankInstruction
from wallet.accounts.usecases.park_money import park_money
from wallet.accounts.usecases.settle_topup import settle_topup
from wallet.accounts.usecases.settle_withdrawal import settle_withdrawal
from wallet.accounts.values import CURRENCY, BankKind, BankResult, Disposition

BATCH = 100


@transactions.atomic_retry
def process_callback(*, callback_id: uuid.UUID) -> Disposition:
    """Settle what a callback is about and mark it processed, in one transaction.

    A callback that was processed before keeps its disposition and nothing happens. Money
    the bank sent for something we do not know, or in another amount, is parked in
    `suspense:unmatched` for an operator.

    Raises:
        ObjectUnknown: there is no such callback.

    Locks: the callback, then the top-up or withdrawal, then ledger accounts.
    """
    callback = queries.own(BankCallback.objects.select_for_update().filter(id=callback_id))
    if callback.processed_at is not None:
        return Disposition(callback.disposition)
    failpoint("accounts.before_posting")
    disposition, journal_id = _settle(callback)
    callback.disposition = disposition
    callback.journal_id = journal_id
    callback.processed_at = clock.now()
    callback.save(update_fields=["disposition", "journal_id", "processed_at"])
    return disposition


def process_due_callbacks(*, now: datetime) -> int:
    """Process callbacks that nobody has processed by `now`, each in its own transaction.

    Returns how many. This is what heals a worker killed between callback and posting.
    """
    ids = list(queries.due_callbacks(now).values_list("id", flat=True)[:BATCH])
    for callback_id in ids:
        process_callback(callback_id=callback_id)
    return len(ids)


def _settle(callback: BankCallback) -> tuple[Disposition, uuid.UUID | None]:
    instruction = BankInstruction.objects.filter(id=callback.instruction_id).first()
    if instruction is None:
        return Disposition.UNMATCHED, _park_if_paid(callback)
    stated = (instruction.amount_minor, instruction.currency)
    if stated != (callback.amount_minor, callback.currency):
        if instruction.kind == BankKind.TOPUP:
            return Disposition.MISMATCHED, _park_if_paid(callback)
        return Disposition.MISMATCHED, None
    settle = settle_topup if instruction.kind == BankKind.TOPUP else settle_withdrawal
    return settle(
        subject_id=instruction.subject_id,
        result=BankResult(callback.result),
        reason=callback.reason,
    )


def _park_if_paid(callback: BankCallback) -> uuid.UUID | None:
    """Book money that came in and belongs to nobody yet; a refusal moved none.

    Money in a currency our accounts do not hold stays an operator's business.
    """
    if callback.result != BankResult.SUCCEEDED or callback.currency != CURRENCY:
        return None
    return park_money(
        key=f"unmatched:{callback.bank_reference}",
        amount_minor=callback.amount_minor,
        currency=callback.currency,
        reference=callback.bank_reference,
    )
