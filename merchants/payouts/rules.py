"""Rules of payouts. Pure."""

from config.kernel.errors import Conflict, InvalidRequest, NotFound, NotPermitted
from merchants.onboarding.values import MerchantState
from merchants.payouts.values import TRANSITIONS, BankResult, Disposition, PayoutState


class PayoutStateForbids(Conflict):
    """The payout does not stand where this step begins."""

    code = "invalid_state"
    message = "The payout's state does not allow this."


class CaseNotFound(NotFound):
    """There is no such case."""

    code = "payout_case_not_found"
    message = "There is no such case."


class CaseClosed(Conflict):
    """The case is closed already."""

    code = "payout_case_closed"
    message = "The case is closed already."


class CaseTemplateUnfit(InvalidRequest):
    """The case has nothing in suspense that could be given to the merchant."""

    code = "payout_case_template_unfit"
    message = "The case cannot be closed that way."


class PayoutSuperseded(Conflict):
    """The batch has been paid out, or is being paid out, by another attempt."""

    code = "payout_superseded"
    message = "Another payout of this batch has been made since."


class PayoutStopped(NotPermitted):
    """A suspended merchant is not paid out; what is ready waits for it."""

    code = "payout_stopped"
    message = "The merchant is suspended; its payouts wait."


class PayoutHeld(NotPermitted):
    """The merchant's payouts are on hold; what is ready waits."""

    code = "payout_held"
    message = "The merchant's payouts are on hold."


def check_payable(merchant_state: str, *, on_hold: bool) -> None:
    """Check that money may go out to a merchant's bank.

    Raises:
        PayoutStopped: the merchant is suspended.
        PayoutHeld: its payouts are on hold.
    """
    if merchant_state == MerchantState.SUSPENDED:
        raise PayoutStopped(state=merchant_state)
    if on_hold:
        raise PayoutHeld()


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
    if state in {PayoutState.SUBMITTED, PayoutState.OVERDUE}:
        return Disposition.APPLIED
    if state == PayoutState.CREATED:
        raise PayoutStateForbids(state=state, result=result.value)
    if result is BankResult.RETURNED:
        return Disposition.RECALLED if state == PayoutState.PAID else Disposition.REPEATED
    return Disposition.REPEATED if state == result.value else Disposition.CONTRADICTED


def payout_amount(*, payable_minor: int, available_minor: int) -> int:
    """What is paid out of a batch, in minor units.

    Args:
        payable_minor: what the batch says is to go out.
        available_minor: what merchant:payable holds now, less what is set aside in it; less
            where refunds have taken of it.
    """
    return max(0, min(payable_minor, available_minor))
