"""Values of disputes. Pure."""

from collections.abc import Mapping
from enum import StrEnum


class DisputeState(StrEnum):
    """Where a dispute stands; WON and LOST are said from the merchant's side.

    ACCEPTED is the merchant's yes, EXPIRED its silence: the buyer has the money back.
    """

    OPENED = "OPENED"
    CHALLENGED = "CHALLENGED"
    ACCEPTED = "ACCEPTED"
    EXPIRED = "EXPIRED"
    WON = "WON"
    APPEALED = "APPEALED"
    LOST = "LOST"
    CANCELLED = "CANCELLED"


class DisputeReason(StrEnum):
    """What the buyer says is wrong."""

    DUPLICATE = "DUPLICATE"
    NOT_RECEIVED = "NOT_RECEIVED"
    NOT_AS_DESCRIBED = "NOT_AS_DESCRIBED"
    NOT_MINE = "NOT_MINE"
    WRONG_AMOUNT = "WRONG_AMOUNT"


class Side(StrEnum):
    """Whose evidence it is."""

    BUYER = "BUYER"
    MERCHANT = "MERCHANT"


_S = DisputeState
MOVES: Mapping[DisputeState, frozenset[DisputeState]] = {
    _S.OPENED: frozenset({_S.CHALLENGED, _S.ACCEPTED, _S.EXPIRED, _S.CANCELLED}),
    _S.CHALLENGED: frozenset({_S.WON, _S.LOST, _S.ACCEPTED, _S.CANCELLED}),
    _S.WON: frozenset({_S.APPEALED}),
    _S.APPEALED: frozenset({_S.WON, _S.LOST, _S.ACCEPTED, _S.CANCELLED}),
    _S.ACCEPTED: frozenset(),
    _S.EXPIRED: frozenset(),
    _S.LOST: frozenset(),
    _S.CANCELLED: frozenset(),
}
LIVE = frozenset({_S.OPENED, _S.CHALLENGED, _S.APPEALED})
UNDER_REVIEW = frozenset({_S.CHALLENGED, _S.APPEALED})
FOR_BUYER = frozenset({_S.ACCEPTED, _S.EXPIRED, _S.LOST})
