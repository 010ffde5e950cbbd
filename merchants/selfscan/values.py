"""Values of scan and go. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class TripState(StrEnum):
    """Where a trip stands; AUDIT_DIFF waits for the shopper to pay a difference."""

    OPEN = "OPEN"
    CHECKOUT = "CHECKOUT"
    PAID = "PAID"
    EXIT_ISSUED = "EXIT_ISSUED"
    AUDIT_REQUIRED = "AUDIT_REQUIRED"
    AUDIT_OK = "AUDIT_OK"
    AUDIT_DIFF = "AUDIT_DIFF"
    ADJUSTED = "ADJUSTED"
    EXITED = "EXITED"
    ABANDONED = "ABANDONED"


class GateReason(StrEnum):
    """Why a gate opens or does not."""

    OPEN = "OPEN"
    CODE_UNKNOWN = "CODE_UNKNOWN"
    CODE_EXPIRED = "CODE_EXPIRED"
    CODE_USED = "CODE_USED"
    UNPAID = "UNPAID"
    AUDIT_REQUIRED = "AUDIT_REQUIRED"


@dataclass(frozen=True, slots=True)
class AuditPolicy:
    """How often a store looks into baskets, in hundredths of a per cent, added up."""

    seed: int
    base_bps: int
    new_shopper_bps: int
    removed_bps: int
    shrink_bps: int


@dataclass(frozen=True, slots=True)
class BasketLine:
    """One product in a basket: what the shopper saw, what it costs now, how many."""

    barcode: str
    quantity: int
    seen_minor: int
    price_minor: int
    restricted: bool = False
    approved: bool = False
    shrinks: bool = False


_S = TripState
MOVES: Mapping[TripState, frozenset[TripState]] = {
    _S.OPEN: frozenset({_S.CHECKOUT, _S.ABANDONED}),
    _S.CHECKOUT: frozenset({_S.OPEN, _S.PAID, _S.ABANDONED}),
    _S.PAID: frozenset({_S.EXIT_ISSUED}),
    _S.EXIT_ISSUED: frozenset({_S.AUDIT_REQUIRED, _S.EXITED}),
    _S.AUDIT_REQUIRED: frozenset({_S.AUDIT_OK, _S.AUDIT_DIFF, _S.ADJUSTED}),
    _S.AUDIT_OK: frozenset({_S.EXITED}),
    _S.AUDIT_DIFF: frozenset({_S.ADJUSTED}),
    _S.ADJUSTED: frozenset({_S.EXITED}),
    _S.EXITED: frozenset(),
    _S.ABANDONED: frozenset(),
}
LIVE = frozenset(_S) - {_S.EXITED, _S.ABANDONED}
CARRIES_CODE = frozenset(
    {_S.EXIT_ISSUED, _S.AUDIT_REQUIRED, _S.AUDIT_OK, _S.AUDIT_DIFF, _S.ADJUSTED}
)
MAY_LEAVE = frozenset({_S.EXIT_ISSUED, _S.AUDIT_OK, _S.ADJUSTED})
