"""Rules of deals: what an offer may say, who may move what, until when. Pure."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from config.kernel.errors import (
    Conflict,
    Gone,
    InvalidRequest,
    NotFound,
    NotPermitted,
    RateLimited,
    Refused,
)
from config.kernel.limits.rules import declare
from config.kernel.limits.values import Limit, Period
from merchants.deals.policies import CONFIRM_WITHIN, POLICIES
from merchants.deals.values import (
    DealParty,
    DealState,
    GoodsType,
    Move,
    Policy,
    PolicyName,
    Proof,
    RequestState,
)

# A carrier's word that is late never ends the buyer's time before this.
LEAST_LEFT = timedelta(days=1)
LONGEST_EXTENSION = timedelta(days=10)
LONGEST_TIMER_S = 365 * 86_400
CODE_DIGITS = 8
# Who may have a part of one offer.
MOST_PARTS = 20
# How long a bundle's fee is tried for, and the refusals that no other day changes.
FEE_WITHIN = timedelta(days=7)
FINAL_REFUSALS = frozenset(
    {
        "account_closed",
        "agreement_ended",
        "agreement_not_found",
        "payments_limit_exceeded",
        "single_limit_exceeded",
        "total_limit_exceeded",
    }
)


class OfferInvalid(InvalidRequest):
    """The offer says something that its policy cannot do."""

    code = "offer_invalid"
    message = "The offer does not fit its policy."


class OfferUnknown(NotFound):
    """There is no such offer, or it is another seller's."""

    code = "offer_unknown"
    message = "There is no such offer."


class OfferTaken(Conflict):
    """The reference stands for another offer or deal."""

    code = "reference_taken"
    message = "This reference was used for something else."


class OfferClosed(Gone):
    """The offer's time is over."""

    code = "offer_closed"
    message = "This offer is closed."


class SoldOut(Conflict):
    """No seat is left."""

    code = "sold_out"
    message = "Nothing of this offer is left."


class DealUnknown(NotFound):
    """There is no such deal of the caller's."""

    code = "deal_unknown"
    message = "There is no such deal."


class DealNotYours(NotPermitted):
    """The caller may not make this move."""

    code = "deal_move_not_permitted"
    message = "Somebody else makes this move."


class DealStateForbids(Conflict):
    """The deal stands elsewhere; `state` says where."""

    code = "deal_state_forbids"
    message = "The deal cannot do that now."


class TooLate(Gone):
    """The window is over."""

    code = "deal_too_late"
    message = "The time for this is over."


class ProofWrong(Refused):
    """The code is not the one that the buyer holds."""

    code = "proof_wrong"
    message = "The code is not the buyer's."


class TooManyProofs(RateLimited):
    """The buyer's code was guessed at too often."""

    code = "too_many_proof_tries"
    message = "Too many wrong codes for this deal; try again later."


PROOF_TRIES = declare(
    Limit(
        name="deals.proof_tries",
        whose="deal",
        period=Period.WINDOW,
        lock="limits_limitcount",
        refuse=lambda rest, **facts: TooManyProofs(**facts),
        ceiling=5,
        window=timedelta(hours=1),
    )
)


class RefundOpen(Conflict):
    """A refund request is open: it must be answered or withdrawn first."""

    code = "refund_request_open"
    message = "A refund request is open."


class RefundAmountInvalid(InvalidRequest):
    """More is asked for than waits in escrow."""

    code = "refund_amount_invalid"
    message = "Ask for at least 0.01 and at most what waits."


class RequestUnknown(NotFound):
    """There is no such refund request of the caller's."""

    code = "refund_request_unknown"
    message = "There is no such refund request."


class PrescriptionInvalid(Refused):
    """The prescription is not the buyer's, was used, is out of date, or is missing."""

    code = "prescription_invalid"
    message = "A valid prescription is needed."


class EntitlementUnknown(NotFound):
    """There is no such entitlement of this partner's."""

    code = "entitlement_unknown"
    message = "There is no such entitlement."


class EntitlementUsedUp(Conflict):
    """All uses are made."""

    code = "entitlement_used_up"
    message = "Nothing of this entitlement is left."


class PlanChangeOpen(Conflict):
    """Another change of this plan waits for its payment."""

    code = "plan_change_open"
    message = "This plan is being changed already."


class ParcelTaken(Conflict):
    """The parcel was announced for a deal before."""

    code = "parcel_taken"
    message = "This parcel has been shipped already."


class EventInvalid(InvalidRequest):
    """The event says what cannot be."""

    code = "parcel_event_invalid"
    message = "The event cannot have occurred then."


class EventConflict(Conflict):
    """The carrier's event number stands for another event."""

    code = "parcel_event_conflict"
    message = "This event number was used for another event."


def policy_of(name: str) -> Policy:
    """A policy by its name."""
    return POLICIES[PolicyName(name)]


def find_move(policy: Policy, state: DealState, name: str) -> Move:
    """The move of this name from a state.

    Raises:
        DealStateForbids: there is none; `moves` says which there are.
    """
    for move in policy.moves:
        if move.start is state and move.name == name:
            return move
    names = sorted({move.name for move in policy.moves if move.start is state})
    raise DealStateForbids(state=state.value, moves=names)


def check_mover(policy: Policy, name: str, by: DealParty) -> None:
    """Check that somebody may make a move at all, wherever the deal stands.

    Raises:
        DealNotYours: nobody, or another party, makes it.
    """
    if not any(by in move.by for move in policy.moves if move.name == name):
        raise DealNotYours(move=name)


def needs_pin(policy: Policy, name: str) -> bool:
    """Whether a move takes the buyer's PIN."""
    return any(move.proof is Proof.PIN for move in policy.moves if move.name == name)


def due_at(
    policy: Policy,
    state: DealState,
    now: datetime,
    *,
    seconds: Mapping[str, int],
    dates: Mapping[str, str],
    goods_type: str,
) -> datetime | None:
    """When a state that is entered now ends by itself; None if it does not.

    Args:
        seconds: the offer's own spans by state.
        dates: the offer's moments by state, as ISO 8601; the state ends there.
        goods_type: what is sent.
    """
    timer = policy.timers.get(state)
    if timer is None:
        return None
    if state in dates:
        return datetime.fromisoformat(dates[state])
    if state in seconds:
        return now + timedelta(seconds=seconds[state])
    if timer.by_goods:
        return now + CONFIRM_WITHIN[GoodsType(goods_type or GoodsType.COURIER)]
    return None if timer.after is None else now + timer.after


def due_after_delivery(
    due: datetime | None, *, occurred_at: datetime, now: datetime, plus_s: int | None
) -> datetime | None:
    """When a buyer's time ends once a carrier says that the parcel is there.

    It starts or shortens the time, never lengthens or ends it: the buyer has a day at least,
    however late the word comes.
    """
    if plus_s is None:
        return due
    soonest = max(occurred_at + timedelta(seconds=plus_s), now + LEAST_LEFT)
    return soonest if due is None else min(due, soonest)


def check_offer(
    policy: Policy,
    *,
    price_minor: int,
    deposit_minor: int,
    minimum: int | None,
    capacity: int | None,
    seconds: Mapping[str, int],
    dates: Mapping[str, str],
    shares: Sequence[Mapping[str, object]],
) -> None:
    """Check what an offer says against its policy.

    Raises:
        OfferInvalid: `field` and `expected` say what was wrong.
    """
    if price_minor < (0 if policy.free else 1):
        raise OfferInvalid(field="price", expected="a price above zero")
    if "deposit" in policy.stages:
        if not 0 < deposit_minor < price_minor:
            raise OfferInvalid(field="deposit", expected="above zero and below the price")
    elif deposit_minor or minimum:
        raise OfferInvalid(field="deposit", expected="a staged offer")
    if capacity is not None and minimum is not None and capacity < minimum:
        raise OfferInvalid(field="capacity", expected="at least the minimum")
    _check_times(policy, seconds, dates)
    is_bundle = policy.name is PolicyName.BUNDLE and len(shares) <= MOST_PARTS
    total_minor = sum(int(str(row["amount_minor"])) * int(str(row["uses"])) for row in shares)
    if is_bundle != bool(shares) or (is_bundle and total_minor != price_minor):
        raise OfferInvalid(field="shares", expected="a bundle's shares come to its price")


def _check_times(policy: Policy, seconds: Mapping[str, int], dates: Mapping[str, str]) -> None:
    if set(dates) != set(policy.dates):
        raise OfferInvalid(field="dates", expected=", ".join(sorted(policy.dates)) or "none")
    moments = [dates[state] for state in (DealState.DEPOSIT_PAID, DealState.BALANCE_DUE)
               if state in dates]  # fmt: skip
    if moments != sorted(moments, key=datetime.fromisoformat):
        raise OfferInvalid(field="dates", expected="the balance's window opens before it closes")
    fixed = set(policy.dates) | {DealState.BALANCE_DUE, DealState.PAST_DUE}
    if set(seconds) - (set(policy.timers) - fixed):
        raise OfferInvalid(field="timers", expected=", ".join(sorted(set(policy.timers) - fixed)))
    if any(not 0 < span <= LONGEST_TIMER_S for span in seconds.values()):
        raise OfferInvalid(field="timers", expected="1 second to a year")


def check_percents(percents: Sequence[Decimal]) -> None:
    """Check what per cent of a release go to others.

    Raises:
        OfferInvalid: one is not above zero, has more than two decimals, or all exceed 100.
    """
    fits = all(one > 0 and one == one.quantize(Decimal("0.01")) for one in percents)
    if not fits or sum(percents) > 100 or len(percents) > MOST_PARTS:
        raise OfferInvalid(field="splits", expected="up to 100 per cent in all, two decimals")


# What moves a refund request: state and answer, by whom, to where.
_R = RequestState
ANSWERS: Mapping[tuple[RequestState, str], tuple[frozenset[DealParty], RequestState]] = {
    (_R.REQUESTED, "agree"): (frozenset({DealParty.SELLER}), _R.SELLER_AGREED),
    (_R.REQUESTED, "refuse"): (frozenset({DealParty.SELLER}), _R.SELLER_REFUSED),
    (_R.REQUESTED, "withdraw"): (frozenset({DealParty.BUYER}), _R.WITHDRAWN),
    (_R.SELLER_AGREED, "return"): (frozenset({DealParty.BUYER}), _R.GOODS_RETURNED),
    (_R.SELLER_AGREED, "withdraw"): (frozenset({DealParty.BUYER}), _R.WITHDRAWN),
    (_R.GOODS_RETURNED, "receive"): (frozenset({DealParty.SELLER}), _R.REFUNDED),
    (_R.GOODS_RETURNED, "refuse"): (frozenset({DealParty.SELLER}), _R.ARBITRATION),
    (_R.SELLER_REFUSED, "arbitrate"): (
        frozenset({DealParty.BUYER, DealParty.SELLER}),
        _R.ARBITRATION,
    ),
    (_R.SELLER_REFUSED, "withdraw"): (frozenset({DealParty.BUYER}), _R.WITHDRAWN),
    (_R.ARBITRATION, "for_buyer"): (frozenset({DealParty.SYSTEM}), _R.REFUNDED),
    (_R.ARBITRATION, "for_seller"): (frozenset({DealParty.SYSTEM}), _R.DISMISSED),
    (_R.ARBITRATION, "withdraw"): (frozenset({DealParty.BUYER}), _R.WITHDRAWN),
}
# What silence says, and after how long.
SILENCE: Mapping[RequestState, tuple[str, timedelta]] = {
    _R.REQUESTED: ("agree", timedelta(days=5)),
    _R.SELLER_AGREED: ("withdraw", timedelta(days=7)),
    _R.GOODS_RETURNED: ("receive", timedelta(days=10)),
    _R.SELLER_REFUSED: ("withdraw", timedelta(days=7)),
}
REQUEST_ENDS = frozenset({_R.REFUNDED, _R.WITHDRAWN, _R.DISMISSED})


def answer_to(
    state: RequestState, answer: str, *, by: DealParty | None, returns: bool
) -> RequestState:
    """Where an answer takes a refund request; `by` None for silence.

    Raises:
        DealStateForbids: the request cannot be answered so now.
        DealNotYours: the other side gives this answer.
    """
    outcome = ANSWERS.get((state, answer))
    if outcome is None:
        answers = sorted(name for start, name in ANSWERS if start is state)
        raise DealStateForbids(state=state.value, answers=answers)
    parties, to = outcome
    if by is not None and by not in parties:
        raise DealNotYours(answer=answer)
    return _R.REFUNDED if to is _R.SELLER_AGREED and not returns else to
