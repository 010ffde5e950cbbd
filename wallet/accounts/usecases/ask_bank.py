"""Ask the bank what became of an instruction, or take its word from paper."""

import uuid

from config.kernel import clock, transactions
from config.kernel.audit import chain as audit
from wallet.accounts import queries, rules
from wallet.accounts.models import BankInstruction
from wallet.accounts.ports import BANK, BankSaid
from wallet.accounts.usecases.process_callback import process_callback
from wallet.accounts.usecases.receive_callback import receive_callback
from wallet.accounts.values import BankResult, Disposition


def ask_bank(*, instruction_id: uuid.UUID, actor: str, reason: str) -> Disposition | None:
    """Ask the bank about an instruction and act on its answer as if it had come by itself.

    An answer that had come before changes nothing. The bank is asked before a transaction
    begins: it may take its time.

    Returns:
        What was done with the answer; None where the bank does not know yet.

    Raises:
        ObjectUnknown: there is no such instruction.
        InvalidState: it has not been sent.
        BankUnreachable: the call failed.

    Locks: the callback, then the top-up or withdrawal, ledger accounts, the audit chain.
    """
    instruction = _sent(instruction_id)
    try:
        answer = BANK.adapter().ask(instruction, at=clock.now())
    except OSError as error:
        raise rules.BankUnreachable() from error
    return _act_on(instruction, answer, actor=actor, reason=reason)


@transactions.atomic_retry
def _act_on(
    instruction: BankInstruction, answer: BankSaid | None, *, actor: str, reason: str
) -> Disposition | None:
    disposition = None
    if answer is not None:
        disposition, _ = _take(instruction, answer.reference, answer.result, answer.reason)
    audit.record(
        action="accounts.ask_bank",
        actor=actor,
        target=f"instruction:{instruction.id}",
        purpose=reason,
        after={
            "answer": answer.result if answer else "none",
            "disposition": disposition or "none",
        },
    )
    return disposition


@transactions.atomic_retry
def take_bank_word(
    *,
    instruction_id: uuid.UUID,
    bank_reference: str,
    result: BankResult,
    actor: str,
    reason: str,
) -> Disposition:
    """End what waits for the bank by its word on paper. Operators reach this by an approval.

    Postings: as `settle_topup` and `settle_withdrawal`, by which it goes.

    Raises:
        ObjectUnknown, InvalidState: as `ask_bank`.
        BankReferenceTaken: the bank has said something else under this reference.

    Locks: as `ask_bank`.
    """
    instruction = _sent(instruction_id)
    failure = "" if result is BankResult.SUCCEEDED else "told_on_paper"
    disposition, is_new = _take(instruction, bank_reference, result, failure)
    if not is_new:
        raise rules.BankReferenceTaken(field="bank_reference")
    audit.record(
        action="accounts.force_end",
        actor=actor,
        target=f"instruction:{instruction.id}",
        purpose=reason,
        after={
            "result": result,
            "bank_reference": bank_reference,
            "disposition": disposition,
        },
    )
    return disposition


def _sent(instruction_id: uuid.UUID) -> BankInstruction:
    instruction = queries.own(BankInstruction.objects.filter(id=instruction_id))
    if instruction.sent_at is None:
        raise rules.InvalidState(state="unsent", target="answered")
    return instruction


def _take(
    instruction: BankInstruction, reference: str, result: BankResult, reason: str
) -> tuple[Disposition, bool]:
    callback, is_new = receive_callback(
        bank_reference=reference,
        instruction_id=instruction.id,
        amount_minor=instruction.amount_minor,
        currency=instruction.currency,
        result=result,
        reason=reason,
        now=clock.now(),
    )
    return process_callback(callback_id=callback.id), is_new
