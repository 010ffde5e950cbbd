"""Ship a deal's goods, and take in what carriers say of parcels."""

import logging
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from config.kernel import clock, transactions
from merchants.deals import queries, rules
from merchants.deals.models import Deal, Parcel, ParcelEvent
from merchants.deals.policies import SHIP
from merchants.deals.usecases.move_deal import move_deal
from merchants.deals.values import DealParty, DealState, ParcelState
from merchants.onboarding import queries as onboarding

log = logging.getLogger(__name__)
_STATES = list(ParcelState)
# A carrier's clock may go so far before ours.
_SKEW = timedelta(minutes=5)
# Kept instead of the buyer's secret.
CODE_SHOWN = "code shown"


@dataclass(frozen=True, slots=True, kw_only=True)
class ParcelWord:
    """What a carrier says; `event_no` is its own number for the event."""

    event_no: str
    number: str
    state: ParcelState
    occurred_at: datetime
    proof: str = ""


@transactions.atomic_retry
def ship(*, deal_id: uuid.UUID, carrier_id: str, number: str) -> Deal:
    """Say that a deal's goods went out with a carrier; the same again changes nothing.

    What the carrier has said of the parcel before is taken in now; that it was handed out only
    with the buyer's code, where the offer asks for it.

    Raises:
        MerchantNotFound: there is no such carrier.
        ParcelTaken: this parcel was shipped before, for another deal.
        DealStateForbids: the deal waits for no goods.
        and what `move_deal` refuses.

    Locks: the deal, the parcel's number, then as `move_deal`.
    """
    deal = queries.locked_deal(deal_id)
    carrier = onboarding.merchant_by_number(carrier_id)
    _take_turns(carrier.id, number)
    earlier = queries.parcel_of(carrier.id, number)
    if earlier is not None and earlier.deal_id == deal.id:
        return deal
    if earlier is not None:
        raise rules.ParcelTaken(field="parcel")
    move_deal(deal_id=deal.id, name=SHIP, by=DealParty.SELLER)
    try:
        with transaction.atomic():
            parcel = Parcel.objects.create(
                deal=deal, carrier=carrier, number=number, state_at=clock.now()
            )
    except IntegrityError as error:
        raise rules.ParcelTaken(field="parcel") from error
    for event in queries.orphans(carrier.id, number):
        if _needs_code(deal, ParcelState(event.state)):
            if event.proof != deal.code:
                log.warning("orphan without the code", extra={"number": number, "id": event.id})
                continue
            event.proof = CODE_SHOWN
        event.parcel = parcel
        event.save(update_fields=["parcel", "proof"])
        _take_in(event, parcel)
    return queries.locked_deal(deal.id)


@transactions.atomic_retry
def receive_event(*, carrier_id: uuid.UUID, word: ParcelWord) -> ParcelEvent:
    """Keep a carrier's word about a parcel, once for its number.

    Events count in the order in which they occurred. A delivery may start or shorten the
    buyer's time; no event ever moves money. A parcel nobody has shipped leaves an orphan,
    which operators see and which a shipment takes in later.

    Raises:
        EventConflict: the number stands for another event.
        EventInvalid: it occurred in the future.
        ProofWrong: the parcel is handed out against a code, and this is not it.

    Locks: the deal and the parcel or, where there is none yet, its number.
    """
    earlier = ParcelEvent.objects.filter(carrier_id=carrier_id, event_no=word.event_no).first()
    if earlier is not None:
        return _again(earlier, word)
    if word.occurred_at > clock.now() + _SKEW:
        raise rules.EventInvalid(field="occurred_at", expected="a moment that has passed")
    parcel = queries.parcel_of(carrier_id, word.number)
    if parcel is None:
        # Somebody may be shipping it: after our turn it is there, or finds what we write.
        _take_turns(carrier_id, word.number)
        parcel = queries.parcel_of(carrier_id, word.number)
    deal = None if parcel is None else queries.locked_deal(parcel.deal_id)
    needs_code = deal is not None and _needs_code(deal, word.state)
    if deal is not None and needs_code and word.proof != deal.code:
        raise rules.ProofWrong(field="proof")
    event = ParcelEvent(
        carrier_id=carrier_id,
        event_no=word.event_no,
        number=word.number,
        state=word.state,
        proof=CODE_SHOWN if needs_code else word.proof,
        parcel=parcel,
        occurred_at=word.occurred_at,
    )
    try:
        with transaction.atomic():
            event.save(force_insert=True)
    except IntegrityError as error:
        raise rules.EventConflict(field="event_no") from error
    if parcel is None:
        log.warning("orphan parcel event", extra={"number": word.number, "id": event.id})
    else:
        _take_in(event, Parcel.objects.select_for_update().get(id=parcel.id))
    return event


def _take_turns(carrier_id: uuid.UUID, number: str) -> None:
    transactions.take_turns("parcel", str(carrier_id), number)


def _needs_code(deal: Deal, state: ParcelState) -> bool:
    return deal.offer.pickup and state is ParcelState.DELIVERED


def _again(earlier: ParcelEvent, word: ParcelWord) -> ParcelEvent:
    facts = (earlier.number, earlier.state, earlier.occurred_at)
    if facts != (word.number, word.state, word.occurred_at):
        raise rules.EventConflict(field="event_no")
    return earlier


def _take_in(event: ParcelEvent, parcel: Parcel) -> None:
    """Let a parcel stand where its latest event says; an older one changes nothing."""
    before = parcel.events.exclude(id=event.id).order_by("-occurred_at").first()
    rank = _STATES.index(ParcelState(event.state))
    if before is not None and (event.occurred_at, rank) < (
        before.occurred_at,
        _STATES.index(ParcelState(before.state)),
    ):
        return
    parcel.state, parcel.state_at = event.state, event.occurred_at
    parcel.save(update_fields=["state", "state_at"])
    if event.state == ParcelState.DELIVERED:
        _time_after(event, queries.locked_deal(parcel.deal_id))


def _time_after(event: ParcelEvent, deal: Deal) -> None:
    """Start or shorten the buyer's time; what stands still is shortened as it stands."""
    if deal.state != DealState.WAIT_BUYER_CONFIRM_GOODS:
        return
    now = clock.now()
    left = deal.remaining
    due = deal.due_at if left is None else now + left
    due = rules.due_after_delivery(
        due, occurred_at=event.occurred_at, now=now, plus_s=deal.offer.delivered_plus_s
    )
    if left is None:
        deal.due_at = due
    elif due is not None:
        deal.remaining = due - now
    deal.save(update_fields=["due_at", "remaining"])
