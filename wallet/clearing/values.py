"""Values of clearing: states of the two halves, why one is refused, accounts. Pure."""

from datetime import timedelta
from enum import StrEnum
from typing import Final

# How long the other unit has to answer before it is asked again.
ASK_AGAIN_AFTER: Final = timedelta(seconds=30)


class OutgoingState(StrEnum):
    """The payer's half: SENT once, then COMPLETED, or REFUSED and RETURNED."""

    SENT = "SENT"
    COMPLETED = "COMPLETED"
    REFUSED = "REFUSED"
    RETURNED = "RETURNED"


class IncomingState(StrEnum):
    """The payee's half: RECEIVED once, then exactly one of the others, for good."""

    RECEIVED = "RECEIVED"
    CREDITED = "CREDITED"
    REFUSED = "REFUSED"


class RefusalReason(StrEnum):
    """Why the payee's unit does not take a transfer."""

    PAYEE_UNKNOWN = "PAYEE_UNKNOWN"
    PAYEE_CLOSED = "PAYEE_CLOSED"
    PAYEE_SUSPENDED = "PAYEE_SUSPENDED"
    PAYEE_IS_PAYER = "PAYEE_IS_PAYER"
    CURRENCY_MISMATCH = "CURRENCY_MISMATCH"


# What the payee's unit decided, and what that makes of the payer's half.
ANSWERS: Final = {
    IncomingState.CREDITED: OutgoingState.COMPLETED,
    IncomingState.REFUSED: OutgoingState.REFUSED,
}


def clearing_code(unit: int, other: int) -> str:
    """The account in a unit's books that says what it owes another unit's people.

    Its twin in the other's books has the numbers the other way round; the two together are
    what is in flight between the pair.
    """
    return f"clearing:{unit:02d}:{other:02d}"
