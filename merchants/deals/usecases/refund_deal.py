"""Refunds of a deal: asked for by the buyer while the money waits, or given by the seller."""

import uuid
from datetime import timedelta

from config.kernel import clock, transactions
from config.kernel.approvals import targets
from merchants.deals import queries, rules
from merchants.deals.models import Deal, DealMove, RefundRequest
from merchants.deals.usecases.move_deal import enter
from merchants.deals.usecases.move_money import give_back, held_for
from merchants.deals.values import DealParty, DealState, RequestState
from merchants.splits import queries as splits
from merchants.splits.usecases.refund_with_shares import refund_with_shares
from merchants.splits.values import Named, NamedBy, Take
from wallet import public as wallet


@transactions.atomic_retry
def ask_refund(
    *, deal_id: uuid.UUID, amount_minor: int, reason: str, returns: bool = False
) -> RefundRequest:
    """Ask for a part of what waits, or all of it; the deal's timer stands still meanwhile.

    The same request again, while it is open, is the same.

    Args:
        deal_id: the deal.
        amount_minor: in minor units, at most what waits.
        reason: in the buyer's words.
        returns: whether the goods go back first.

    Raises:
        DealUnknown: there is no such deal.
        DealStateForbids: nothing can be asked back in this state.
        RefundOpen: another request is open.
        RefundAmountInvalid: less than one, or more than waits.

    Locks: the deal.
    """
    deal = queries.locked_deal(deal_id)
    earlier = queries.open_request(deal)
    if earlier is not None:
        if (earlier.amount_minor, earlier.returns) != (amount_minor, returns):
            raise rules.RefundOpen()
        return earlier
    if deal.state not in rules.policy_of(deal.offer.policy).refundable:
        raise rules.DealStateForbids(state=deal.state)
    held_minor = held_for(deal)
    if not 0 < amount_minor <= held_minor:
        raise rules.RefundAmountInvalid(field="amount", held_minor=held_minor)
    now = clock.now()
    if deal.due_at is not None:
        deal.remaining = max(timedelta(), deal.due_at - now)
        deal.due_at = None
        deal.save(update_fields=["remaining", "due_at"])
    row = RefundRequest(deal=deal, amount_minor=amount_minor, reason=reason, returns=returns)
    _enter(row, RequestState.REQUESTED)
    row.save(force_insert=True)
    _tell(deal, "ask_refund", DealParty.BUYER, amount_minor)
    return row


@transactions.atomic_retry
def answer_request(
    *, request_id: uuid.UUID, answer: str, by: DealParty | None = None, actor: str = "system"
) -> RefundRequest:
    """Answer a refund request; the same answer again changes nothing.

    Args:
        request_id: the request.
        answer: agree, refuse, withdraw, return, receive, arbitrate; operators' are
            for_buyer and for_seller.
        by: who answers; None where silence does, at the request's due time.
        actor: the same, for the audit log.

    Raises:
        RequestUnknown: there is no such request.
        DealStateForbids, DealNotYours: see `rules.answer_to`.

    Locks: its version, the deal, the request, then as a refund does.
    """
    targets.moved(request_target(request_id), actor=actor)
    deal = queries.locked_deal(queries.request(request_id).deal_id)
    row = RefundRequest.objects.select_for_update().get(id=request_id)
    start = RequestState(row.state)
    if row.ended_at is not None and _gave(deal, answer):
        return row
    to = rules.answer_to(start, answer, by=by, returns=row.returns)
    _enter(row, to)
    row.save()
    if to in rules.REQUEST_ENDS:
        _end(deal, row, answer, by or DealParty.SYSTEM)
    else:
        _tell(deal, f"refund:{answer}", by or DealParty.SYSTEM, 0)
    return row


def request_target(request_id: uuid.UUID) -> str:
    """A refund request as approvals name it."""
    return f"refund_request:{request_id}"


@transactions.atomic_retry
def refund_deal(*, deal_id: uuid.UUID, amount_minor: int, request_no: str) -> Deal:
    """Let the seller give money back, while it waits or after; once for its number.

    What waits is given first. Of a deal that has ended the shares of others come back in
    proportion with it.

    Raises:
        DealUnknown: there is no such deal.
        RefundOpen: the buyer's own request must be answered first.
        RefundAmountInvalid: less waits than that, while the deal goes on.
        RefundConflict: the number was used for another amount.
        and what a refund refuses.

    Locks: the deal, then as a refund does.
    """
    deal = queries.locked_deal(deal_id)
    number = f"seller:{request_no}"
    stages = queries.stages_paid(deal)
    refunds = [wallet.refund(payment_id=row.payment_id, request_no=number) for row in stages]
    given_minor = sum(refund.amount_minor for refund in refunds if refund is not None)
    if given_minor:
        if given_minor != amount_minor:
            raise wallet.RefundConflict(field="request_no", amount_minor=given_minor)
        return deal
    if queries.open_request(deal) is not None:
        raise rules.RefundOpen()
    if deal.ended_at is None:
        held_minor = held_for(deal)
        if not 0 < amount_minor <= held_minor:
            raise rules.RefundAmountInvalid(field="amount", held_minor=held_minor)
        give_back(deal, amount_minor, request_no=number, reason="seller")
        _close_if_empty(deal, "refund", DealParty.SELLER)
    elif not stages:
        raise rules.RefundAmountInvalid(field="amount", held_minor=0)
    else:
        _give_after(deal, amount_minor, number)
    _tell(deal, "refund", DealParty.SELLER, amount_minor)
    return deal


def _give_after(deal: Deal, amount_minor: int, number: str) -> None:
    trade = wallet.payment(queries.stages_paid(deal)[-1].payment_id)
    payees = splits.moved_shares(trade.id).values_list("payee_number", flat=True)
    refund_with_shares(
        seller=queries.seller_of(deal.offer),
        amount_minor=amount_minor,
        takes=[Take(Named(NamedBy.NUMBER, payee), None) for payee in dict.fromkeys(payees)],
        number=trade.number,
        request_no=number,
    )


def _enter(row: RefundRequest, to: RequestState) -> None:
    now = clock.now()
    row.state = to
    row.due_at = now + rules.SILENCE[to][1] if to in rules.SILENCE else None
    row.ended_at = now if to in rules.REQUEST_ENDS else None


def _end(deal: Deal, row: RefundRequest, answer: str, by: DealParty) -> None:
    """Give the money back or not, and let the deal's timer go on where it stood still."""
    amount_minor = 0
    if row.state == RequestState.REFUNDED:
        amount_minor = give_back(
            deal, row.amount_minor, request_no=f"request:{row.id}", reason=row.reason
        )
    _tell(deal, f"refund:{answer}", by, amount_minor)
    if not _close_if_empty(deal, f"refund:{answer}", by) and deal.remaining is not None:
        deal.due_at = clock.now() + deal.remaining
        deal.remaining = None
        deal.save(update_fields=["due_at", "remaining"])


def _close_if_empty(deal: Deal, name: str, by: DealParty) -> bool:
    if deal.ended_at is not None or held_for(deal):
        return False
    enter(deal, DealState(rules.policy_of(deal.offer.policy).undone), name, by)
    return True


def _tell(deal: Deal, name: str, by: DealParty, amount_minor: int) -> None:
    DealMove.objects.create(
        deal=deal, move=name, start=deal.state, to=deal.state, by=by, amount_minor=amount_minor,
        at=clock.now(),
    )  # fmt: skip


def _gave(deal: Deal, answer: str) -> bool:
    return deal.timeline.filter(move=f"refund:{answer}").exists()
