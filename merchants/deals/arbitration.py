"""The operators' decision about a refund request: one asks, another decides."""

from config.kernel import approvals
from config.kernel.actors import operator_actor
from merchants.deals import queries, rules
from merchants.deals.models import RefundRequest
from merchants.deals.usecases.refund_deal import answer_request, request_target
from merchants.deals.values import DealParty, RequestState
from wallet.money import format_amount

ARBITRATE = "deals.arbitrate"


def _request(parameters: approvals.Parameters) -> RefundRequest:
    return queries.request(approvals.id_in(parameters, "request", rules.RequestUnknown))


def _for_buyer(parameters: approvals.Parameters) -> bool:
    return parameters.get("for_buyer") is True


def _amount(row: RefundRequest) -> str:
    return f"{format_amount(row.amount_minor, row.deal.currency)} {row.deal.currency}"


def show_request(parameters: approvals.Parameters) -> approvals.Facts:
    """Which deal, of how much, with whom."""
    row = _request(parameters)
    merchant = row.deal.offer.merchant
    return {
        "deal": approvals.Link(row.deal.reference, "deals.Deal", str(row.deal_id)),
        "merchant": approvals.Link(merchant.name, "onboarding.Merchant", str(merchant.id)),
        "amount": _amount(row),
        "reason": row.reason,
    }


def show_outcome(parameters: approvals.Parameters) -> approvals.Facts:
    """For whom it is to be decided."""
    return {"decided for": "the buyer" if _for_buyer(parameters) else "the merchant"}


def state_of_request(parameters: approvals.Parameters) -> approvals.Facts:
    """How the request stands."""
    row = _request(parameters)
    return {"state": row.state, "amount": _amount(row)}


def check_request(parameters: approvals.Parameters) -> None:
    """Only what one side has brought to arbitration is decided."""
    row = _request(parameters)
    if row.state != RequestState.ARBITRATION:
        raise rules.DealStateForbids(state=row.state)


def foretell_decision(parameters: approvals.Parameters) -> approvals.Facts:
    """What becomes of the money that is asked for."""
    row = _request(parameters)
    to = RequestState.REFUNDED if _for_buyer(parameters) else RequestState.DISMISSED
    gets = "refunded to the buyer" if _for_buyer(parameters) else "left in escrow"
    return {
        "request": approvals.change(row.state, to.value),
        "debit escrow": _amount(row) if _for_buyer(parameters) else "nothing",
        "the amount is": gets,
    }


def target_request(parameters: approvals.Parameters) -> str:
    """The refund request."""
    return request_target(_request(parameters).id)


@approvals.action(
    ARBITRATE,
    title="Decide a refund request",
    parameters={"request": show_request, "for_buyer": show_outcome},
    target=target_request,
    state=state_of_request,
    check=check_request,
    effect=foretell_decision,
)
def decide(approved: approvals.Approved) -> approvals.Facts:
    """Carry out what two operators agreed on."""
    row = answer_request(
        request_id=_request(approved.parameters).id,
        answer="for_buyer" if _for_buyer(approved.parameters) else "for_seller",
        by=DealParty.SYSTEM,
        actor=operator_actor(approved.maker, *approved.checkers),
    )
    return {"request": row.state}
