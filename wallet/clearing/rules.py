"""Rules of clearing: which two halves belong together, and what is in flight. Pure."""

import uuid
from typing import NamedTuple

from config.kernel.errors import Conflict, Refused
from wallet.clearing.values import IncomingState, OutgoingState


class SameUnit(Refused):
    """Payer and payee are in the same unit: an ordinary payment does."""

    code = "same_unit"
    message = "Payer and payee are in the same unit; pay directly."


class CrossingConflict(Conflict):
    """The payer's key was used for another transfer."""

    code = "crossing_conflict"
    message = "This key was used for another transfer."


class Half(NamedTuple):
    """One half of a transfer as the proof reads it: the same facts of both, and its state."""

    id: uuid.UUID
    outgoing: bool
    facts: tuple[object, ...]
    state: str
    amount_minor: int


# The payer's half against what the payee's may say beside it; "" where there is none yet.
MEETINGS: dict[OutgoingState, frozenset[str]] = {
    OutgoingState.SENT: frozenset({"", *IncomingState}),
    OutgoingState.COMPLETED: frozenset({IncomingState.CREDITED}),
    OutgoingState.REFUSED: frozenset({IncomingState.REFUSED}),
    OutgoingState.RETURNED: frozenset({IncomingState.REFUSED}),
}


def meeting_break(outgoing: Half | None, incoming: Half | None) -> str:
    """What is wrong with two halves of one id; "" where they meet, or still may."""
    if outgoing is None:
        return "an incoming half without an outgoing one"
    beside = incoming.state if incoming else ""
    if beside not in MEETINGS[OutgoingState(outgoing.state)]:
        return f"{outgoing.state} beside {beside or 'nothing'}"
    if incoming is not None and incoming.facts != outgoing.facts:
        return "the halves say different things"
    return ""


def in_flight_minor(outgoing: Half, incoming: Half | None) -> int:
    """What of a transfer has left the payer's books and is in nobody's, in minor units."""
    credited = incoming is not None and incoming.state == IncomingState.CREDITED
    over = credited or outgoing.state == OutgoingState.RETURNED
    return 0 if over else outgoing.amount_minor
