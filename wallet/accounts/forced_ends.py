"""End a top-up or withdrawal by hand, by the bank's word on paper, when it is silent.

Two operators agree on what the bank has said otherwise (a letter, a statement); the
posting is the one that the bank's own message would have led to.
"""

import uuid
from collections.abc import Mapping
from datetime import timedelta

from config.kernel import clock
from config.kernel.approvals import Facts, Parameters, action, change, id_in
from config.kernel.approvals.values import Approved
from wallet.accounts import queries, rules
from wallet.accounts.approvals import actors, amount_in_words, customer_facts
from wallet.accounts.models import BankCallback, BankInstruction, Topup, Withdrawal
from wallet.accounts.usecases.ask_bank import take_bank_word
from wallet.accounts.usecases.review_withdrawal import withdrawal_target
from wallet.accounts.values import (
    BankKind,
    BankResult,
    TopupState,
    UserState,
    WithdrawalState,
)

FORCE_END = "accounts.force_end"
# A bank that was told a moment ago is not silent.
PATIENCE = timedelta(hours=1)
REFERENCE_CHARACTERS = range(4, 65)
WAITING: Mapping[str, str] = {
    BankKind.TOPUP: TopupState.PROCESSING,
    BankKind.WITHDRAWAL: WithdrawalState.SUBMITTED,
}
_ENDS = {
    (BankKind.TOPUP, BankResult.SUCCEEDED): TopupState.SUCCEEDED,
    (BankKind.TOPUP, BankResult.FAILED): TopupState.FAILED,
    (BankKind.WITHDRAWAL, BankResult.SUCCEEDED): WithdrawalState.PAID,
    (BankKind.WITHDRAWAL, BankResult.FAILED): WithdrawalState.RETURNED,
}


def instruction_of(kind: BankKind, subject_id: uuid.UUID) -> BankInstruction | None:
    """What the bank was told of a top-up or withdrawal; None before it was."""
    return BankInstruction.objects.filter(kind=kind, subject_id=subject_id).first()


def _instruction(parameters: Parameters) -> BankInstruction:
    key = id_in(parameters, "id", queries.ObjectUnknown)
    return queries.own(BankInstruction.objects.filter(id=key))


def _movement(instruction: BankInstruction) -> Topup | Withdrawal:
    if instruction.kind == BankKind.TOPUP:
        topups = Topup.objects.select_related("user")
        return queries.own(topups.filter(id=instruction.subject_id))
    withdrawals = Withdrawal.objects.select_related("user")
    return queries.own(withdrawals.filter(id=instruction.subject_id))


def _result(parameters: Parameters) -> BankResult:
    try:
        return BankResult(str(parameters.get("result")))
    except ValueError as error:
        raise rules.EndRefused(field="result") from error


def show_instruction(parameters: Parameters) -> Facts:
    """Which movement, whose, how much, since when with the bank."""
    instruction = _instruction(parameters)
    movement = _movement(instruction)
    return {
        "movement": instruction.kind.lower(),
        "amount": amount_in_words(instruction.amount_minor, instruction.currency),
        **customer_facts(movement.user),
        "sent to the bank at": f"{instruction.sent_at:%Y-%m-%d %H:%M %Z}"
        if instruction.sent_at
        else "not yet",
    }


def show_result(parameters: Parameters) -> Facts:
    """What the bank has said."""
    return {"the bank says": _result(parameters).value}


def show_reference(parameters: Parameters) -> Facts:
    """Where it has said so."""
    return {"the bank's reference": parameters.get("bank_reference")}


def state_of_movement(parameters: Parameters) -> Facts:
    """How the movement and its customer stand, and what the bank has said so far."""
    instruction = _instruction(parameters)
    movement = _movement(instruction)
    return {
        "state": movement.state,
        "customer's account": movement.user.state,
        "answers of the bank": BankCallback.objects.filter(instruction_id=instruction.id).count(),
    }


def check_silent(parameters: Parameters) -> None:
    """It waits for the bank, for an hour at least, and the reference is a new one.

    Raises:
        InvalidState: it does not wait for the bank.
        EndRefused: naming what is wrong.
        BankReferenceTaken: the bank has said something under this reference already.
    """
    result, instruction = _result(parameters), _instruction(parameters)
    state = _movement(instruction).state
    if state != WAITING[instruction.kind]:
        raise rules.InvalidState(state=state, target=result.value)
    if instruction.sent_at is None or clock.now() - instruction.sent_at < PATIENCE:
        raise rules.EndRefused(field="id", patience_s=int(PATIENCE.total_seconds()))
    reference = parameters.get("bank_reference")
    sound = isinstance(reference, str) and reference.isprintable()
    if not sound or len(str(reference).strip()) not in REFERENCE_CHARACTERS:
        raise rules.EndRefused(field="bank_reference")
    if BankCallback.objects.filter(bank_reference=str(reference).strip()).exists():
        raise rules.BankReferenceTaken(field="bank_reference")


def foretell_end(parameters: Parameters) -> Facts:
    """The state and the journal that follow."""
    instruction, result = _instruction(parameters), _result(parameters)
    movement = _movement(instruction)
    kind = BankKind(instruction.kind)
    amount = amount_in_words(instruction.amount_minor, instruction.currency)
    facts: dict[str, object] = {"state": change(movement.state, _ENDS[kind, result].value)}
    wallet = "suspense:unmatched" if movement.user.state == UserState.CLOSED else "user available"
    if kind is BankKind.TOPUP and result is BankResult.FAILED:
        return {**facts, "money": "no balance changes"}
    if kind is BankKind.TOPUP:
        return {**facts, "debit asset:custodian_bank": amount, f"credit {wallet}": amount}
    credited = "asset:custodian_bank" if result is BankResult.SUCCEEDED else "user available"
    return {**facts, "debit bank:payout_in_transit": amount, f"credit {credited}": amount}


def target_movement(parameters: Parameters) -> str:
    """The top-up or withdrawal."""
    instruction = _instruction(parameters)
    if instruction.kind == BankKind.WITHDRAWAL:
        return withdrawal_target(instruction.subject_id)
    return f"topup:{instruction.subject_id}"


@action(
    FORCE_END,
    title="End a top-up or withdrawal by the bank's word on paper",
    parameters={
        "id": show_instruction,
        "result": show_result,
        "bank_reference": show_reference,
    },
    target=target_movement,
    state=state_of_movement,
    check=check_silent,
    effect=foretell_end,
)
def force_end(approved: Approved) -> Facts:
    """Take the bank's word as if it had come by its message."""
    parameters = approved.parameters
    instruction = _instruction(parameters)
    disposition = take_bank_word(
        instruction_id=instruction.id,
        bank_reference=str(parameters["bank_reference"]).strip(),
        result=_result(parameters),
        actor=actors(approved),
        reason=approved.reason,
    )
    return {"disposition": disposition.value, "state": _movement(instruction).state}
