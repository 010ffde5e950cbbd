"""Words of the verification slice. Pure."""

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """The result of checking a code. Technical failures and policy are kept apart."""

    ADMITTED = "ADMITTED"
    POLICY = "POLICY"
    # A code on paper is anybody's who finds it: the guard must look at the identity card.
    ID_CHECK = "ID_CHECK"
    UNREADABLE = "UNREADABLE"
    FORGED = "FORGED"
    EXPIRED = "EXPIRED"
    # Good later: issued or shown by a clock that is ahead.
    NOT_YET_VALID = "NOT_YET_VALID"
    # The very same show was seen before, here or elsewhere: one of the two is a picture.
    REPLAYED = "REPLAYED"
    REVOKED = "REVOKED"
    SUPERSEDED = "SUPERSEDED"
    NOT_PROVEN = "NOT_PROVEN"
    SPECIMEN = "SPECIMEN"
    # The person may come in and the house is full.
    FULL = "FULL"
    UNREGISTERED = "UNREGISTERED"
    # Only a verifier without network comes to this: its lists are too old to tell.
    STALE = "STALE"


class Method(StrEnum):
    """How a check-in was made."""

    SELF = "SELF"
    COMPANION = "COMPANION"
    TERMINAL = "TERMINAL"
    STAFF = "STAFF"
    CARD = "CARD"


class Presence(StrEnum):
    """How far a check-in proves that somebody was there.

    CLAIMED: a phone scanned the venue's code, perhaps a photograph of it a thousand
    kilometres away; it never becomes evidence. SHOWN: the venue's terminal read the
    person's code. IDENTIFIED: somebody compared an identity card too.
    """

    CLAIMED = "CLAIMED"
    SHOWN = "SHOWN"
    IDENTIFIED = "IDENTIFIED"


PROVEN = (Presence.SHOWN, Presence.IDENTIFIED)


class TerminalMode(StrEnum):
    """A fixed gate, or a guard's phone."""

    GATE = "GATE"
    PHONE = "PHONE"


class Direction(StrEnum):
    """In or out."""

    IN = "IN"
    OUT = "OUT"


class AccessKind(StrEnum):
    """What somebody did with a code."""

    VERIFIED = "VERIFIED"
    CHECKED_IN = "CHECKED_IN"
    GRANTED = "GRANTED"
    TRACED = "TRACED"
    READ_BY_OPERATOR = "READ_BY_OPERATOR"


@dataclass(frozen=True, slots=True)
class VenueCodeParts:
    """What a venue's printed code says."""

    venue: str
    version: int
    nonce: str
