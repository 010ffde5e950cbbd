"""Do what falls due: states that end, requests nobody answered, lots to be decided."""

import logging
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db.models import Model

from config.kernel import clock, transactions
from config.kernel.errors import SaomaError
from config.kernel.rows import first_or
from merchants.deals import queries, rules
from merchants.deals.models import Deal, Offer, RefundRequest
from merchants.deals.policies import CANCEL_LOT, FORFEIT, PRODUCE
from merchants.deals.usecases.move_deal import make_move, settle_unpaid
from merchants.deals.usecases.refund_deal import answer_request
from merchants.deals.usecases.renew_bundle import renew_bundle
from merchants.deals.values import DealParty, DealState, LotState, RequestState

log = logging.getLogger(__name__)
# What could not be done is tried again after this.
_AGAIN_AFTER = timedelta(hours=1)


def move_due(*, now: datetime) -> int:
    """Do all that is due by `now`, each in a transaction of its own; gives how much it was."""
    count = 0
    for offer_id in queries.lots_due(now):
        count += _tried(lambda row_id: decide_lot(offer_id=row_id), offer_id, Offer)
    for deal_id in queries.deals_due(now):
        count += _tried(lambda row_id: _end_state(row_id, now), deal_id, Deal)
    for request_id in queries.requests_due(now):
        count += _tried(lambda row_id: _be_silent(row_id, now), request_id, RefundRequest)
    return count


def decide_lot(*, offer_id: uuid.UUID, cancel: bool = False) -> Offer:
    """Decide at the end of the balance's window whether a lot is produced; once.

    With fewer than its minimum paid, or where its seller cancels, everybody gets all back,
    the deposits of those who missed the window too. The deals follow by the timetable.

    Raises:
        OfferUnknown: there is no such offer.
        DealStateForbids: it has no lot, or it was decided otherwise.

    Locks: each deal in turn, then the offer.
    """
    if not cancel:
        for deal_id in Deal.objects.filter(
            offer_id=offer_id, state=DealState.BALANCE_DUE, payments__paid_at__isnull=True
        ).values_list("id", flat=True):
            _settle(deal_id)
    return _decide(offer_id, cancel)


@transactions.atomic_retry
def _settle(deal_id: uuid.UUID) -> None:
    settle_unpaid(queries.locked_deal(deal_id))


@transactions.atomic_retry
def _decide(offer_id: uuid.UUID, cancel: bool) -> Offer:
    offer = first_or(Offer.objects.select_for_update().filter(id=offer_id), rules.OfferUnknown())
    if offer.minimum is None or (cancel and offer.lot_state == LotState.CONFIRMED):
        raise rules.DealStateForbids(state=offer.lot_state)
    if offer.lot_state != LotState.OPEN:
        return offer
    count = offer.deals.filter(state=DealState.PAID).count()
    enough = count >= offer.minimum and not cancel
    offer.lot_state = LotState.CONFIRMED if enough else LotState.CANCELLED
    offer.lot_due_at = None
    offer.save(update_fields=["lot_state", "lot_due_at"])
    offer.deals.filter(state__in=queries.LOT_STATES).update(due_at=clock.now())
    return offer


@transactions.atomic_retry
def _end_state(deal_id: uuid.UUID, now: datetime) -> None:
    deal = queries.locked_deal(deal_id)
    if deal.due_at is None or deal.due_at > now:
        return
    start = deal.state
    settle_unpaid(deal)
    name = _name_of(deal)
    if deal.state != start:
        return
    if deal.agreement_number and start in (DealState.ACTIVE, DealState.PAST_DUE):
        renew_bundle(deal)
        return
    if name is None:
        deal.due_at = None
        deal.save(update_fields=["due_at"])
        return
    move = rules.find_move(rules.policy_of(deal.offer.policy), DealState(deal.state), name)
    make_move(deal, move, DealParty.SYSTEM)


def _name_of(deal: Deal) -> str | None:
    """Which move a state's end is: a lot that is decided goes before the timer."""
    lot, state = deal.offer.lot_state, deal.state
    if lot == LotState.CANCELLED and state in queries.LOT_STATES[1:]:
        return CANCEL_LOT
    if lot == LotState.CONFIRMED and state in (DealState.BALANCE_DUE, DealState.PAID):
        return FORFEIT if state == DealState.BALANCE_DUE else PRODUCE
    timer = rules.policy_of(deal.offer.policy).timers.get(DealState(state))
    return None if timer is None else timer.move


@transactions.atomic_retry
def _be_silent(request_id: uuid.UUID, now: datetime) -> None:
    row = RefundRequest.objects.get(id=request_id)
    state = RequestState(row.state)
    if state in rules.SILENCE and row.due_at is not None and row.due_at <= now:
        answer_request(request_id=request_id, answer=rules.SILENCE[state][0])


def _tried(act: Callable[[uuid.UUID], object], row_id: uuid.UUID, model: type[Model]) -> int:
    """Do one thing; what is refused is put off, so that it stands in nobody's way."""
    try:
        act(row_id)
    except SaomaError as refusal:
        log.warning("due work refused", extra={"code": refusal.code, "id": row_id})
        column = "lot_due_at" if model is Offer else "due_at"
        model._default_manager.filter(pk=row_id).update(**{column: clock.now() + _AGAIN_AFTER})
        return 0
    return 1
