"""Values of sharing. Pure."""

from enum import StrEnum


class SplitState(StrEnum):
    """Where a split bill stands; CLOSED is what its requester asks nobody for any more."""

    OPEN = "OPEN"
    PART_PAID = "PART_PAID"
    SETTLED = "SETTLED"
    CLOSED = "CLOSED"


class PacketState(StrEnum):
    """A red packet is claimed until it is empty, or its day is over."""

    CLAIMING = "CLAIMING"
    EMPTY = "EMPTY"
    EXPIRED = "EXPIRED"
