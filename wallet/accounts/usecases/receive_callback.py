"""Take in what the bank says."""

import uuid
from datetime import datetime, timedelta

from django.conf import settings

from config.kernel import queue, transactions
from config.kernel.claims import claim
from wallet.accounts import queries
from wallet.accounts.models import BankCallback
from wallet.accounts.values import BankResult

BATCH = 100
TASK = "accounts.process_callback"


@transactions.atomic_retry
def receive_callback(
    *,
    bank_reference: str,
    instruction_id: uuid.UUID,
    amount_minor: int,
    currency: str,
    result: BankResult,
    reason: str,
    now: datetime,
) -> tuple[BankCallback, bool]:
    """Store the bank's answer and do nothing else, so that it cannot be lost.

    Acting on it is a second step in its own transaction: by a task sent after commit, or
    by the timetable when that task, its worker or the broker is lost.

    Args:
        bank_reference: the bank's own id of this answer; known ones are not stored again.
        instruction_id: the instruction it answers, as the bank names it.
        amount_minor: what the bank says it moved, in minor units.
        currency: of that amount, ISO 4217.
        result: the bank's word.
        reason: the bank's code for a failure, else empty.
        now: when it arrived.

    Returns:
        The stored callback and whether it is new.
    """
    callback, is_new = BankCallback.objects.get_or_create(
        bank_reference=bank_reference,
        defaults={
            "instruction_id": instruction_id,
            "amount_minor": amount_minor,
            "currency": currency,
            "result": result,
            "reason": reason,
            "received_at": now,
            "due_at": now + timedelta(seconds=settings.SAOMA_BANK_PROCESS_S),
        },
    )
    if is_new and not settings.SAOMA_BANK_PROCESS_S:
        queue.enqueue(TASK, callback_id=str(callback.id))
    return callback, is_new


@transactions.atomic_retry
def receive_due_answers(*, now: datetime) -> int:
    """Let the simulated bank say what it has to say by `now`; returns how many answers."""
    due = claim(queries.due_answers(now), BATCH)
    for answer in due:
        receive_callback(
            bank_reference=answer.bank_reference,
            instruction_id=answer.instruction_id,
            amount_minor=answer.instruction.amount_minor,
            currency=answer.instruction.currency,
            result=BankResult(answer.result),
            reason=answer.reason,
            now=now,
        )
        answer.given_at = now
        answer.save(update_fields=["given_at"])
    return len(due)
