"""Rules of payouts. Pure."""

from config.kernel.errors import Conflict
from merchants.payouts.values import TRANSITIONS, BankResult, Disposition, PayoutState


class PayoutStateForbids(Conflict):
    """The payout does not stand where this step begins."""

    code = "invalid_state"
    message = "The payout's state does not allow this."


class PayoutSuperseded(Conflict):
    """The batch has been paid out, or is being paid out, by another attempt."""

    code = "payout_superseded"
    message = "Another payout of this batch has been made since."


def check_transition(state: str, to: PayoutState) -> PayoutState:
    """Give the next state.

    Raises:
        PayoutStateForbids: the table of transitions does not lead there.
    """
    if to not in TRANSITIONS[PayoutState(state)]:
        raise PayoutStateForbids(state=state, wanted=to.value)
    return to


def disposition(state: str, result: BankResult) -> Disposition:
    """What an answer does to a payout in this state.

    Raises:
        PayoutStateForbids: the bank answers what it has not been given.
    """
    if state == PayoutState.SUBMITTED:
        return Disposition.APPLIED
    if state == PayoutState.CREATED:
        raise PayoutStateForbids(state=state, result=result.value)
    return Disposition.REPEATED if state == result.value else Disposition.CONTRADICTED


def payout_amount(*, payable_minor: int, available_minor: int) -> int:
    """What is paid out of a batch, in minor units.

    Args:
        payable_minor: what the batch credited to merchant:payable.
        available_minor: what that account holds now; less where refunds have taken of it.
    """
    return max(0, min(payable_minor, available_minor))
