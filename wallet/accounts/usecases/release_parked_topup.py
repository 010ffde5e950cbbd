"""Give late top-up money to the customer after all."""

import uuid

from config.kernel import clock, transactions
from config.kernel.audit import chain as audit
from wallet.accounts import queries, rules
from wallet.accounts.models import BankCallback, BankInstruction, Topup
from wallet.accounts.values import Disposition
from wallet.ledger.usecases.open_account import open_system_account
from wallet.ledger.usecases.post_journals import post_journal
from wallet.ledger.values import Draft, credit, debit


@transactions.atomic_retry
def release_parked_topup(*, callback_id: uuid.UUID, actor: str, reason: str) -> uuid.UUID:
    """Debit `suspense:unmatched`, credit the wallet the late money was meant for.

    Operators reach this through an approval. It can be done once.

    Args:
        callback_id: a callback with disposition LATE.
        actor: who does it; maker and checker.
        reason: why; kept in the audit.

    Returns:
        The journal's id.

    Raises:
        InvalidState: the callback parked no late top-up, or it was released before.
        ObjectUnknown: there is no such callback.
        AccountClosed: the wallet account is closed.

    Locks: the callback, ledger accounts, the audit chain.
    """
    callback = queries.own(BankCallback.objects.select_for_update().filter(id=callback_id))
    if callback.disposition != Disposition.LATE:
        raise rules.InvalidState(state=callback.disposition, target=Disposition.RELEASED.value)
    instruction = BankInstruction.objects.get(id=callback.instruction_id)
    topup = Topup.objects.select_related("user").get(id=instruction.subject_id)
    journal_id = post_journal(
        Draft(
            key=f"topup-late-release:{topup.id}",
            kind="topup.late",
            lines=(
                debit(
                    open_system_account("suspense:unmatched"), topup.amount_minor, topup.currency
                ),
                credit(topup.user.available_account_id, topup.amount_minor, topup.currency),
            ),
            posted_at=clock.now(),
            business_date=clock.house_day(),
            reference=f"topup:{topup.id}",
            narrative="Late top-up released",
        )
    )
    callback.disposition = Disposition.RELEASED
    callback.save(update_fields=["disposition"])
    audit.record(
        action="accounts.release_parked_topup",
        actor=actor,
        target=f"topup:{topup.id}",
        purpose=reason,
        after={"journal_id": str(journal_id)},
    )
    return journal_id
