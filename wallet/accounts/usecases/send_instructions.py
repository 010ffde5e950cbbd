"""Send waiting instructions to the bank."""

from datetime import datetime

from config.kernel import transactions
from config.kernel.claims import claim
from wallet.accounts import queries
from wallet.accounts.models import BankInstruction, Topup
from wallet.accounts.ports import BANK
from wallet.accounts.values import BankKind, TopupState

BATCH = 100


@transactions.atomic_retry
def send_instructions(*, now: datetime) -> int:
    """Send what is due by `now`; returns how many were sent. Safe twice and in parallel.

    The bank takes an instruction once by its id, so one that was sent before the worker
    was lost is merely sent again. A top-up that expired before it was sent is not sent.
    """
    due = claim(queries.due_instructions(now), BATCH)
    for instruction in due:
        if _still_wanted(instruction):
            BANK.adapter().accept(instruction, at=now)
        instruction.sent_at = now
        instruction.save(update_fields=["sent_at"])
    return len(due)


def _still_wanted(instruction: BankInstruction) -> bool:
    """Move a top-up to PROCESSING; False if it is over already."""
    if instruction.kind != BankKind.TOPUP:
        return True
    waiting = Topup.objects.filter(id=instruction.subject_id, state=TopupState.CREATED)
    return bool(waiting.update(state=TopupState.PROCESSING))
