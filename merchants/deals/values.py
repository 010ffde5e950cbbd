"""Words of deals: states, parties, and the shape of a policy. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class DealState(StrEnum):
    """Where a deal stands; each policy uses some of them."""

    WAIT_BUYER_PAY = "WAIT_BUYER_PAY"
    WAIT_SELLER_SEND_GOODS = "WAIT_SELLER_SEND_GOODS"
    WAIT_BUYER_CONFIRM_GOODS = "WAIT_BUYER_CONFIRM_GOODS"
    TRADE_FINISHED = "TRADE_FINISHED"
    TRADE_CLOSED = "TRADE_CLOSED"
    PAID = "PAID"
    ACCEPTED = "ACCEPTED"
    COMPLETED = "COMPLETED"
    EXPIRED = "EXPIRED"
    CANCELLED = "CANCELLED"
    DEPOSIT_DUE = "DEPOSIT_DUE"
    DEPOSIT_PAID = "DEPOSIT_PAID"
    BALANCE_DUE = "BALANCE_DUE"
    PRODUCED = "PRODUCED"
    FORFEITED = "FORFEITED"
    LOT_CANCELLED = "LOT_CANCELLED"
    RESERVED = "RESERVED"
    ISSUED = "ISSUED"
    REDEEMED = "REDEEMED"
    REFUNDED = "REFUNDED"
    ACTIVE = "ACTIVE"
    PAST_DUE = "PAST_DUE"
    ENDED = "ENDED"


class DealParty(StrEnum):
    """Who moves a deal; SYSTEM is a payment, a due time, a lot's end or an operator."""

    BUYER = "BUYER"
    SELLER = "SELLER"
    SYSTEM = "SYSTEM"


class MoneyEffect(StrEnum):
    """What a move does with what waits: nothing, all to the seller, all back, all to partners."""

    STAYS = "STAYS"
    RELEASE = "RELEASE"
    REFUND = "REFUND"
    BREAKAGE = "BREAKAGE"


class Proof(StrEnum):
    """What a mover must show: the buyer's PIN, or the code that the buyer holds."""

    NONE = "NONE"
    PIN = "PIN"
    CODE = "CODE"


class PolicyName(StrEnum):
    """The policies there are."""

    GUARANTEED = "GUARANTEED"
    SERVICE = "SERVICE"
    STAGED = "STAGED"
    TICKET = "TICKET"
    BUNDLE = "BUNDLE"


class GoodsType(StrEnum):
    """What is sent, which decides how long a buyer has to confirm."""

    AUTO = "AUTO"
    VIRTUAL = "VIRTUAL"
    COURIER = "COURIER"
    POST = "POST"


class LotState(StrEnum):
    """Whether a lot with a minimum is produced."""

    OPEN = "OPEN"
    CONFIRMED = "CONFIRMED"
    CANCELLED = "CANCELLED"


class ParcelState(StrEnum):
    """Where a parcel is, as its carrier says."""

    CREATED = "CREATED"
    PICKED_UP = "PICKED_UP"
    IN_TRANSIT = "IN_TRANSIT"
    OUT_FOR_DELIVERY = "OUT_FOR_DELIVERY"
    DELIVERED = "DELIVERED"
    REJECTED = "REJECTED"
    LOST = "LOST"


class RequestState(StrEnum):
    """Where a refund request stands."""

    REQUESTED = "REQUESTED"
    SELLER_AGREED = "SELLER_AGREED"
    SELLER_REFUSED = "SELLER_REFUSED"
    GOODS_RETURNED = "GOODS_RETURNED"
    ARBITRATION = "ARBITRATION"
    REFUNDED = "REFUNDED"
    WITHDRAWN = "WITHDRAWN"
    DISMISSED = "DISMISSED"


@dataclass(frozen=True, slots=True)
class Move:
    """One way from a state to another: its name, who may take it, what it does with the money.

    A move whose `to` frees a seat gives it back to the offer.
    """

    name: str
    start: DealState
    to: DealState
    by: frozenset[DealParty]
    money: MoneyEffect = MoneyEffect.STAYS
    proof: Proof = Proof.NONE
    frees_seat: bool = False


@dataclass(frozen=True, slots=True)
class Timer:
    """What happens by itself in a state: a move, so long after it was entered.

    `after` None: only where the offer names a moment or a span for the state. `by_goods`
    decides by what is sent instead. An offer may name another span.
    """

    move: str
    after: timedelta | None = None
    by_goods: bool = False


@dataclass(frozen=True, slots=True)
class Policy:
    """A whole policy: data, which one engine reads.

    `start` is where a deal begins, `pay` names the move of each paid stage. `done` and
    `undone` are where a deal ends when its money has gone to the seller, or back, by another
    door (the gateway's).
    """

    name: PolicyName
    start: DealState
    moves: tuple[Move, ...]
    timers: Mapping[DealState, Timer]
    done: DealState
    undone: DealState
    stages: tuple[str, ...] = ("price",)
    free: bool = False
    refundable: frozenset[DealState] = frozenset()
    # Where a moment must be named by the offer.
    dates: frozenset[DealState] = frozenset()
